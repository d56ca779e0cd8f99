import type { either as E, taskEither as TE } from 'fp-ts'

/** A task that runs once, when it is first needed; whoever asks again gets the first result. */
export const once = <L, A>(task: TE.TaskEither<L, A>): TE.TaskEither<L, A> => {
  let result: Promise<E.Either<L, A>> | undefined
  return () => {
    result ??= task()
    return result
  }
}
