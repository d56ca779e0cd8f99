import { taskEither as TE } from 'fp-ts'
import { type Block, blocksOf } from '../data/blocks.js'
import type { Points } from '../data/points.js'
import { type Backend, type BackendError, type Compiled, type Reals, zerosOf } from '../interpret/backend.js'
import { inParallel } from '../prelude/parallel.js'

/** Rows of a block in evaluation. It never varies, so a row's result does not depend on how many others there are. */
export const evaluationRows = 256

/** A block of rows, and what a program made of it: outputs [... size]. */
export type Evaluated = readonly [Block<Reals>, readonly Reals[]]

/** Runs a program of one block of points on all of them, the last block padded. */
export const runBlocks = (
  run: Compiled,
  points: Points,
  { precision }: Pick<Backend, 'precision'>,
  threads: number,
  size: number = evaluationRows
): TE.TaskEither<BackendError, readonly Evaluated[]> => {
  const blocks = blocksOf(points, size, zerosOf(precision))
  const tasks = blocks.map(block => run([block.points]))
  return TE.map((outputs: readonly (readonly Reals[])[]) =>
    blocks.map((block, i): Evaluated => [block, outputs[i] as readonly Reals[]])
  )(inParallel(tasks, threads))
}

/** The rows of an output [columns size] of every block, row-major; padding dropped. */
export const joined = (blocks: readonly Evaluated[], output: number, columns = 1): Float64Array => {
  const total = blocks.reduce((sum, [{ rows }]) => sum + rows, 0)
  const result = new Float64Array(total * columns)
  let first = 0
  for (const [{ rows }, outputs] of blocks) {
    const values = outputs[output] as Reals
    const size = values.length / columns
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        result[(first + row) * columns + column] = values[column * size + row] as number
    first += rows
  }
  return result
}

/** Per-row numbers of all roots: the largest, or for convergence the smallest. */
export const acrossRoots = (
  blocks: readonly Evaluated[],
  output: number,
  roots: number,
  combine: (a: number, b: number) => number,
  none: number
): Float64Array => {
  const values = joined(blocks, output, roots)
  return Float64Array.from({ length: values.length / Math.max(1, roots) }, (_, row) =>
    values.subarray(row * roots, (row + 1) * roots).reduce((a, b) => combine(a, b), none)
  )
}
