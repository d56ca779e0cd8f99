import { join } from 'node:path'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { drawnBlock } from '../../interop/vectors/drawnBlocks.js'
import { type BlockGradient, enclosedGradients } from '../../interop/vectors/enclosedGradients.js'
import { type BlockVectors, toVectorsJson, toVectorsNpz } from '../../interop/vectors/vectorFiles.js'
import { type Interval, magnitude, width } from '../../interpret/interval/interval.js'
import { type Intervals, intervalAt } from '../../interpret/interval/intervals.js'
import { commit, commitText } from '../../train/runFolder/disk.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'
import { existing } from '../run/existing.js'

/** What `vectors` is asked. */
export interface VectorsRequest {
  readonly out: string
  readonly seed: number
  readonly count: number
  readonly json: boolean
}

/** How wide the intervals of a block are, at most: relatively to the largest magnitude of their array or 1. */
export interface Widths {
  readonly block: string
  readonly z: number
  readonly logDet: number
  /** Of the array of either gradient that fares worst. */
  readonly gradient: number
}

const intervalsOf = (array: Intervals): readonly Interval[] => Array.from(array.lo, (_, i) => intervalAt(array, i))

/** NaN where nothing is claimed of an entry. */
const widest = (array: Intervals): number => {
  const all = intervalsOf(array)
  const most = (size: (x: Interval) => number): number => all.reduce((largest, x) => Math.max(largest, size(x)), 0)
  return most(width) / Math.max(1, most(magnitude))
}

const arraysOf = ({ gx, gz, x }: BlockGradient): readonly Intervals[] => [
  ...[gx, ...(gz === undefined ? [] : [gz])].flatMap(({ layers, betas }) => [
    ...layers.flatMap(({ weight, bias }) => [weight, bias]),
    ...betas
  ]),
  x
]

const widthsOf = ({ block, proved }: BlockVectors): Widths => ({
  block: block.name,
  z: widest(proved.z),
  logDet: widest(proved.logDet),
  gradient: Math.max(...[...arraysOf(proved.gradL), ...arraysOf(proved.gradNll)].map(widest))
})

const line = ({ block, z, logDet, gradient }: Widths): string =>
  `${block.padEnd(44)} z ${z.toExponential(1)}  ln |det| ${logDet.toExponential(1)}  gradients ${gradient.toExponential(1)}\n`

const vectorsOf = (seed: number, index: number): E.Either<Failure, BlockVectors> => {
  const block = drawnBlock(seed, index)
  const vectors = { block, proved: enclosedGradients(block)(block.x) }
  const { z, logDet, gradient } = widthsOf(vectors)
  return [z, logDet, gradient].every(Number.isFinite)
    ? E.right(vectors)
    : E.left(failed(`seed ${seed}: nothing could be proved of some number of ${block.name}; another --seed may do.`))
}

const advice = 'Vectors are written into a new one.'

/**
 * Makes a folder with test vectors for other programs: `vectors.json` and `vectors.npz`, the same blocks in both, with
 * intervals that hold the exact images, log-determinants, log-densities and gradients. The folder is made when all is
 * computed, and the files appear whole.
 * failure  a folder that exists, or a number of which nothing can be proved
 */
export const vectors = (
  env: Env,
  { out, seed, count, json }: VectorsRequest
): TE.TaskEither<Failure, readonly Widths[]> =>
  F.pipe(
    env.disk.list(out),
    TE.match(
      () => E.right(undefined),
      () => E.left(failed(`${out}: the folder exists already. ${advice}`))
    ),
    TE.flatMapEither(() =>
      E.traverseArray((index: number) => vectorsOf(seed, index))(Array.from({ length: count }, (_, index) => index))
    ),
    TE.tap(() => orFail(existing(out, advice))(env.disk.makeFolder(out))),
    TE.tap(made =>
      F.pipe(
        commit(env.disk, join(out, 'vectors.npz'), toVectorsNpz(made)),
        TE.flatMap(() => commitText(env.disk, join(out, 'vectors.json'), toVectorsJson(seed, made))),
        orFail(runFolderErrorMessage)
      )
    ),
    TE.map(made => made.map(widthsOf)),
    TE.tapIO(widths => () => {
      if (json) env.print(`${JSON.stringify({ out, seed, blocks: widths })}\n`)
      else {
        env.print(widths.map(line).join(''))
        say(env, `${out}: ${count} blocks with the intervals that prove a mismatch; their widths are above.`)
      }
    })
  )
