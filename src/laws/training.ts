import fc from 'fast-check'
import type { NumberFlow, NumberImage } from './flow.js'
import { type Law, lawOf } from './law.js'
import { lengthOf } from './matrix.js'
import { pointsOf, sameBits, shown } from './points.js'

/** Anyone's optimiser with decoupled weight decay. */
export interface NumberOptimiser {
  readonly name: string
  /** Number of weights that a step takes. */
  readonly dimension: number
  /** The weights after one step from them, no moments yet. */
  readonly step: (
    weights: readonly number[],
    gradient: readonly number[],
    learningRate: number
  ) => ArrayLike<number> | Promise<ArrayLike<number>>
  /** Claimed: where there is no gradient, w becomes (1 - learningRate decay) w. */
  readonly weightDecay: number
  /** Claimed: new weights are off by at most this times the length of the old ones. */
  readonly error: number
}

/** The law of weight decay that acts, as much as it claims. */
export const optimiser = ({ name, dimension, step, weightDecay, error }: NumberOptimiser): readonly Law[] => {
  const weights = pointsOf(dimension, 3)
  const rates = fc.constantFrom(0.001, 0.01, 0.1)
  const zero = Array.from({ length: dimension }, () => 0)
  return [
    lawOf(
      `${name}: without a gradient, a step multiplies weights by 1 - learning rate x decay`,
      [weights, rates],
      async (w, rate) => {
        const next = await step(w, zero, rate)
        const off = lengthOf(w.map((wi, i) => (next[i] as number) - (1 - rate * weightDecay) * wi))
        return off <= error * lengthOf(w) || `${shown(w)} becomes ${shown(next)}`
      }
    )
  ]
}

/** Losses of a candidate, one number for each part of the data. */
export interface CandidateLosses {
  readonly train: number
  readonly validation: number
  readonly test: number
}

/** Anyone's rule that chooses among candidates: checkpoints, settings, seeds. */
export interface Selection {
  readonly name: string
  /** The index of the chosen one. */
  readonly choose: (candidates: readonly CandidateLosses[]) => number | Promise<number>
}

/** The law of a test set that is looked at once: the choice does not depend on it, but on the validation set. */
export const selection = ({ name, choose }: Selection): readonly Law[] => {
  const loss = fc.integer({ min: 0, max: 1000 }).map(i => i / 100)
  const candidates = fc.array(fc.record({ train: loss, validation: loss, test: loss }), { minLength: 1, maxLength: 8 })
  return [
    lawOf(`${name}: the choice does not depend on the test set`, [candidates, candidates], async (given, others) => {
      const changed = given.map((one, i) => ({ ...one, test: others[i % others.length]?.test ?? 0 }))
      const [before, after] = [await choose(given), await choose(changed)]
      return before === after || `candidate ${before} is chosen, and ${after} with other test losses`
    }),
    lawOf(`${name}: no candidate is better on the validation set than the one chosen`, [candidates], async given => {
      const at = await choose(given)
      const least = Math.min(...given.map(({ validation }) => validation))
      return (
        given[at]?.validation === least || `candidate ${at} is chosen, of loss ${given[at]?.validation}, not ${least}`
      )
    })
  ]
}

/** A flow, and how to save it and load it again. */
export interface Reloadable {
  readonly flow: NumberFlow
  /** The flow as loaded, ready for its first call. */
  readonly reloaded: () => NumberFlow | Promise<NumberFlow>
}

const forwardAll = async (flow: NumberFlow, xs: readonly (readonly number[])[]): Promise<readonly NumberImage[]> =>
  flow.forwardAll === undefined ? Promise.all(xs.map(x => flow.forward(x))) : flow.forwardAll(xs)

/** The law of saving: a loaded flow is the flow, to the bit, from its first call on. */
export const reload = ({ flow, reloaded }: Reloadable): readonly Law[] => {
  const { name, dimension, size = 3 } = flow
  return [
    lawOf(
      `${name}: loaded again, it has the same images, to the bit`,
      [fc.array(pointsOf(dimension, size), { minLength: 1, maxLength: 6 })],
      async xs => {
        const [before, after] = [await forwardAll(flow, xs), await forwardAll(await reloaded(), xs)]
        const differs = before.findIndex(
          ({ value, logDet = 0 }, i) =>
            !sameBits([...Array.from(value), logDet], [...Array.from(after[i]?.value ?? []), after[i]?.logDet ?? 0])
        )
        return (
          differs < 0 ||
          `${shown(xs[differs] ?? [])} became ${shown(before[differs]?.value ?? [])}, now ${shown(after[differs]?.value ?? [])}`
        )
      }
    )
  ]
}
