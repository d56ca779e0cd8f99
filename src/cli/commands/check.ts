import { function as F, taskEither as TE } from 'fp-ts'
import { type Checked, checkOracle } from '../../interop/check.js'
import { parseOracle } from '../../interop/oracle.js'
import { oracleErrorMessage } from '../../interop/oracleError.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import type { Env } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'

const line = ({ block, z, logDet, gradient, certified, ok }: Checked): string => {
  const errors = Object.entries({ z, logDet, gradient }).map(([name, error]) => `${name} ${error.toExponential(1)}`)
  return `${ok ? 'ok    ' : 'FAILED'}  ${block}  ${errors.join('  ')}${certified ? '' : '  (not certified)'}\n`
}

/**
 * Computes the blocks of an oracle file in float64 and compares: prints an array of JSON, or one line a block.
 * failure  if any block is not within the thresholds
 */
export const check = (env: Env, file: string, json: boolean): TE.TaskEither<Failure, readonly Checked[]> =>
  F.pipe(
    orFail(runFolderErrorMessage)(env.disk.read(file)),
    TE.flatMap(bytes => orFail(oracleErrorMessage)(TE.fromEither(parseOracle(file)(new TextDecoder().decode(bytes))))),
    TE.map(checkOracle),
    TE.tapIO(checked => () => {
      const named = checked.map(({ block, ...rest }) => ({ name: block, ...rest }))
      env.print(json ? `${JSON.stringify(named)}\n` : checked.map(line).join(''))
    }),
    TE.tap((checked): TE.TaskEither<Failure, null> => {
      const bad = checked.filter(({ ok }) => !ok).map(({ block }) => block)
      return bad.length === 0
        ? TE.right(null)
        : TE.left(failed(`${file}: ${bad.length} of ${checked.length} blocks are wrong: ${bad.join(', ')}.`))
    })
  )
