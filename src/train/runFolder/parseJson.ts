import { either as E } from 'fp-ts'
import type * as t from 'io-ts'
import { fieldError, notJson, type RunFolderError } from './runFolderError.js'

/** Reads JSON as a codec says; `file` is the name to use in errors. */
export const parseJson =
  <A>(file: string, codec: t.Decoder<unknown, A>) =>
  (text: string): E.Either<RunFolderError, A> =>
    E.flatMap(
      E.tryCatch(
        (): unknown => JSON.parse(text),
        () => notJson(file)
      ),
      raw => E.mapLeft(fieldError(file))(codec.decode(raw))
    )
