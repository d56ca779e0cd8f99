import { taskEither as TE } from 'fp-ts'
import type { Architecture } from '../flow/architecture.js'
import { blockLayoutOf } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import { type Backend, type BackendError, type Compiled, type Reals, zerosOf } from '../interpret/backend.js'
import { range } from '../tensor/shape.js'
import { baseProgram, blockPrograms } from './blockPrograms.js'
import type { RowsProgram } from './rowsProgram.js'

type Task<A> = TE.TaskEither<BackendError, A>

/** The way back so far: the loss's gradient in the points of the last block, and what every block gave. */
interface Backwards {
  readonly cotangent: Reals
  readonly gained: number
  readonly gradients: readonly Reals[]
  /** Rows of linear systems that did not converge. */
  readonly unsolved: number
}

/**
 * The programs of a flow over a fixed number of rows. As all blocks of a flow are of one form, programs of one are compiled
 * and run block by block, forwards, then backwards with what each block had as its points: the time of compiling does not
 * grow with the number of blocks, and of every block no more is kept than its points and roots, which its backward program
 * starts from.
 * @param size rows in a block of rows: kernels may round differently for other sizes, so it never varies
 * @param threads how many blocks of rows may run side by side
 * @param terms of estimated log-determinants; null if they are exact
 */
const blockwise = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number,
  terms: number | null
) => {
  const { one, pick, join } = blockLayoutOf(architecture)
  const { blocks, dimension } = architecture
  const zeros = zerosOf(backend.precision)
  const programs = blockPrograms(backend, one, method, size, threads, terms)
  const base = baseProgram(backend, dimension, size, threads)
  const indices = range(blocks)
  const first = (values: Reals | undefined): number => (values as Reals)[0] as number
  const number = (x: number): Reals => zeros(1).fill(x)

  /** What a program of one block, whose first output is the image, says of every block in turn. */
  const along =
    (program: Compiled) =>
    ([flat, points, ...rest]: readonly Reals[]): Task<readonly (readonly Reals[])[]> =>
      indices.reduce<Task<readonly (readonly Reals[])[]>>(
        (before, b) =>
          TE.flatMap(before, said =>
            TE.map((next: readonly Reals[]) => [...said, next])(
              program([pick(flat as Reals, b), said.at(-1)?.[0] ?? (points as Reals), ...rest])
            )
          ),
        TE.right([])
      )

  /** Output k of every block, joined; none where blocks have no roots. */
  const joined = (said: readonly (readonly Reals[])[], k: number): readonly Reals[] => {
    if (programs.roots === 0) return []
    const all = zeros(blocks * programs.roots)
    said.forEach((outputs, b) => {
      all.set(outputs[k] as Reals, b * programs.roots)
    })
    return [all]
  }

  const runWith =
    (forward: Compiled, backward: Compiled, end: Compiled): Compiled =>
    inputs => {
      const [flat, points, weights, ...noise] = inputs as readonly [Reals, Reals, Reals, ...Reals[]]
      return TE.flatMap(along(forward)([flat, points, weights]), said => {
        const back = (after: Task<Backwards>, b: number): Task<Backwards> =>
          TE.flatMap(after, ({ cotangent, gained, gradients, unsolved }) => {
            const known = programs.roots === 0 ? [] : [said[b]?.[1] as Reals]
            const at = said[b - 1]?.[0] ?? points
            return TE.map(
              ([gain, gradient, before, missed]: readonly Reals[]): Backwards => ({
                cotangent: before as Reals,
                unsolved: unsolved + first(missed),
                gained: gained + first(gain),
                gradients: [gradient as Reals, ...gradients]
              })
            )(backward([pick(flat, b), at, weights, cotangent, ...known, ...noise]))
          })
        return TE.flatMap(end([said.at(-1)?.[0] as Reals, weights]), ([nats, slope]) =>
          TE.map(({ gained, gradients, unsolved }: Backwards) => [
            number(first(nats) - gained),
            join(gradients, zeros),
            number(unsolved),
            ...joined(said, 2),
            ...joined(said, 3)
          ])(indices.reduceRight(back, TE.right({ cotangent: slope as Reals, gained: 0, gradients: [], unsolved: 0 })))
        )
      })
    }

  const lossWith =
    (score: Compiled, end: Compiled): Compiled =>
    inputs =>
      TE.flatMap(along(score)(inputs), said =>
        TE.map(([nats]: readonly Reals[]) => [
          number(said.reduce((sum, [, gained]) => sum - first(gained), first(nats)))
        ])(end([said.at(-1)?.[0] as Reals, inputs[2] as Reals]))
      )

  const judge: Compiled = inputs =>
    TE.flatMap(programs.judge, program =>
      TE.map((said: readonly (readonly Reals[])[]) => joined(said, 1))(along(program)(inputs.slice(0, 3)))
    )

  return {
    loss: TE.flatMap(programs.score, score => TE.map((end: Compiled) => lossWith(score, end))(base)),
    rows: TE.flatMap(programs.forward, forward =>
      TE.flatMap(programs.backward, backward =>
        TE.map((end: Compiled): RowsProgram => ({ size, run: runWith(forward, backward, end), judge }))(base)
      )
    )
  }
}

/** The loss of a fixed number of rows and its gradient, compiled. */
export const blockwiseRows = (...how: Parameters<typeof blockwise>): Task<RowsProgram> => blockwise(...how).rows

/** The loss alone, with exact log-determinants. */
export const blockwiseLoss = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number
): Task<Compiled> => blockwise(backend, architecture, method, size, threads, null).loss
