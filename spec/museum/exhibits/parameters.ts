import { either as E } from 'fp-ts'
import { actNorm, actNormStart } from '../../../src/flow/actNorm.js'
import type { AffineParameters } from '../../../src/flow/affine.js'
import type { Architecture } from '../../../src/flow/architecture.js'
import { layoutOf } from '../../../src/flow/layout.js'
import { referenceBackend } from '../../../src/interpret/reference/referenceBackend.js'
import { bijection } from '../../../src/laws/bijection.js'
import { contractive } from '../../../src/laws/contractive.js'
import { flowFrom } from '../../../src/laws/expressions.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { applied, inverted, type Matrix } from '../../../src/laws/matrix.js'
import { type CandidateLosses, optimiser, reload, selection } from '../../../src/laws/training.js'
import { certifiedNorm } from '../../../src/lipschitz/certifiedNorm.js'
import {
  estimatedNorm,
  powerIteration,
  spectrallyNormalized,
  type Vectors
} from '../../../src/lipschitz/spectralNorm.js'
import { fromArray } from '../../../src/tensor/constructors.js'
import { vectorSize } from '../../../src/train/initial.js'
import { defaultOptimiser, updateProgram } from '../../../src/train/update.js'
import { valuesOf } from '../../solve/support/certificate.js'
import type { Exhibit, Specimen } from '../exhibit.js'
import { ordinary } from '../points.js'

const saved: AffineParameters = { shift: fromArray([0.5, -1]), logScale: fromArray([0.25, -0.75]) }

/** An ActNorm layer whose parameters start from the first batch that it sees, if it has none. */
const actNormFlow = (parameters: AffineParameters | undefined): NumberFlow => {
  let now = parameters
  const after = (xs: readonly (readonly number[])[]): NumberFlow => {
    now ??= actNormStart(xs.flat(), 2)
    return flowFrom('an ActNorm layer', actNorm, now, 2)
  }
  return {
    name: 'an ActNorm layer',
    dimension: 2,
    accuracy: { value: 1e-13, logDet: 1e-13 },
    forward: x => after([x]).forward(x),
    inverse: z => after([z]).inverse(z),
    forwardAll: xs => Promise.all(xs.map(x => after(xs).forward(x)))
  }
}

const actNormSpecimen = (keeps: boolean): Specimen => {
  const loaded = (): NumberFlow => actNormFlow(keeps ? saved : undefined)
  return {
    laws: [...bijection(actNormFlow(saved)), ...reload({ flow: actNormFlow(saved), reloaded: loaded })],
    usual: { flow: loaded(), points: ordinary(2) }
  }
}

const coefficient = 0.9

/** A weight whose two largest singular values are close, and one that training left behind. */
const weight = [1.5, 0.2, 0, -0.1, 1.45, 0.1, 0.3, 0, 1.2]
const average = weight.map(x => 1.06 * x)

const across: Vectors = { u: fromArray([0, 0, 1]), v: fromArray([0.2, 0.2, 1]) }
const vectorsAfter = (entries: readonly number[], steps: number): Vectors =>
  Array.from({ length: steps }).reduce<Vectors>(now => powerIteration(fromArray(entries, [3, 3]))(now), across)

/** W / max(1, estimate / coefficient), the estimate after some steps of power iteration. */
const byEstimate = (entries: readonly number[], steps: number): readonly number[] =>
  Array.from(valuesOf(spectrallyNormalized(fromArray(entries, [3, 3]), vectorsAfter(entries, steps), coefficient)))

const byBound = (entries: readonly number[]): readonly number[] => {
  const factor = coefficient / (certifiedNorm(entries, [3, 3]) * (1 + 2 ** -40))
  return entries.map(x => x * factor)
}

/** The average divided by the estimate that belongs to the weight, as good as power iteration makes it. */
const byStaleEstimate = (): readonly number[] => {
  const [sigma] = valuesOf(estimatedNorm(fromArray(weight, [3, 3]), vectorsAfter(weight, 500)))
  return average.map(x => (x * coefficient) / (sigma as number))
}

const normalisedSpecimen = (entries: readonly number[]): Specimen => {
  const rows = (diagonal: number): Matrix =>
    [0, 1, 2].map(i => [0, 1, 2].map(j => (entries[3 * i + j] as number) + (i === j ? diagonal : 0)))
  const { inverse, logAbsDet } = inverted(rows(1))
  const flow: NumberFlow = {
    name: 'a linear residual block',
    dimension: 3,
    accuracy: { value: 1e-13, logDet: 1e-13 },
    forward: x => ({ value: applied(rows(1), x), logDet: logAbsDet }),
    inverse: z => ({ value: applied(inverse, z), logDet: -logAbsDet })
  }
  const value = (x: readonly number[]) => applied(rows(0), x)
  return {
    laws: contractive({ name: 'a normalised layer', dimension: 3, value, constant: coefficient, error: 1e-14 }),
    usual: { flow, points: ordinary(3) }
  }
}

const tiny: Architecture = {
  model: 'impflow',
  dimension: 1,
  blocks: 1,
  hidden: [2],
  activation: 'tanh',
  coefficient
}

/** x -> x + sum b_i tanh(a_i x): the flow of the weights a, b that a training ended with. */
const trained = (weights: readonly number[]): Specimen['usual'] => {
  const [a, b] = [weights.slice(0, weights.length / 2), weights.slice(weights.length / 2)]
  const sumOf = (term: (ai: number, bi: number) => number): number =>
    a.reduce((sum, ai, i) => sum + term(ai, b[i] as number), 0)
  const g = (x: number): number => sumOf((ai, bi) => bi * Math.tanh(ai * x))
  const slope = (x: number): number => Math.log1p(sumOf((ai, bi) => ai * bi * (1 - Math.tanh(ai * x) ** 2)))
  const flow: NumberFlow = {
    name: 'a trained flow',
    dimension: 1,
    accuracy: { value: 1e-13, logDet: 1e-13 },
    forward: ([x = 0]) => ({ value: [x + g(x)], logDet: slope(x) }),
    inverse: ([z = 0]) => {
      let x = z
      for (let step = 0; step < 500; step++) x = z - g(x)
      return { value: [x], logDet: -slope(x) }
    }
  }
  return { flow, points: ordinary(1) }
}

/** Our optimiser step as compiled; the decay that it is given may be another one than it claims. */
const decaySpecimen = async (claimed: number, given: number): Promise<Specimen> => {
  const layout = layoutOf(tiny)
  const compiled = await updateProgram(referenceBackend, tiny, {
    ...defaultOptimiser,
    optimiser: 'adamw',
    weightDecay: given
  })()
  if (E.isLeft(compiled)) throw new Error(compiled.left.message)
  const places = layout.segments.flatMap(({ kind, offset, shape }) =>
    kind === 'weight' ? Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => offset + i) : []
  )
  const spread = (values: readonly number[]): Float64Array => {
    const flat = new Float64Array(layout.size)
    places.forEach((place, i) => {
      flat[place] = values[i] as number
    })
    return flat
  }
  const zeros = (): Float64Array => new Float64Array(layout.size)
  const scalars = (learningRate: number) =>
    [learningRate, 1 / (1 - 0.9), 1 / (1 - 0.99), 0.9, 1].map(x => Float64Array.of(x))
  const step = async (weights: readonly number[], gradient: readonly number[], learningRate: number) => {
    const vectors = new Float64Array(vectorSize(layout)).fill(1)
    const inputs = [spread(weights), vectors, zeros(), zeros(), zeros(), spread(gradient), ...scalars(learningRate)]
    const ran = await compiled.right(1)(inputs)()
    if (E.isLeft(ran)) throw new Error(ran.left.message)
    return places.map(place => ran.right[0]?.[place] as number)
  }
  let weights: readonly number[] = places.map((_, i) => 0.7 - 0.1 * i)
  for (let steps = 0; steps < 10; steps++)
    weights = await step(
      weights,
      places.map(() => 0),
      0.1
    )
  return {
    laws: optimiser({ name: 'AdamW', dimension: places.length, weightDecay: claimed, error: 1e-14, step }),
    usual: trained(weights)
  }
}

const leastBy =
  (part: keyof CandidateLosses) =>
  (candidates: readonly CandidateLosses[]): number =>
    candidates.reduce((best, one, i) => (one[part] < (candidates[best]?.[part] ?? Infinity) ? i : best), 0)

/** Checkpoints of a training, of which another one is the best on the test set than on the validation set. */
const checkpoints: readonly (CandidateLosses & { readonly weights: readonly number[] })[] = [
  { train: 1.9, validation: 2.1, test: 2.2, weights: [0.4, 0.2] },
  { train: 1.5, validation: 1.6, test: 1.9, weights: [0.8, 0.6] },
  { train: 1.2, validation: 1.8, test: 1.7, weights: [1.1, 0.7] }
]

const selectionSpecimen = (part: keyof CandidateLosses): Specimen => {
  const choose = leastBy(part)
  return {
    laws: selection({ name: 'the choice of a checkpoint', choose }),
    usual: trained(checkpoints[choose(checkpoints)]?.weights ?? [])
  }
}

/** Bugs of what flows are made of, and of how that is chosen. */
export const parameterExhibits: readonly Exhibit[] = [
  {
    bug: 'ActNorm initialised again after loading',
    patch: '`actNormStart` (in a stand-in that remembers): the first batch after loading sets the parameters',
    right: () => actNormSpecimen(true),
    wrong: () => actNormSpecimen(false)
  },
  {
    bug: 'sigma of power iteration as a bound',
    patch: '`spectrallyNormalized` with two steps where `certifiedNorm` belongs',
    right: () => normalisedSpecimen(byBound(weight)),
    wrong: () => normalisedSpecimen(byEstimate(weight, 2))
  },
  {
    bug: 'a stale sigma after swapping averaged weights',
    patch: '`estimatedNorm` of the raw weight divides the averaged one',
    right: () => normalisedSpecimen(byBound(average)),
    wrong: () => normalisedSpecimen(byStaleEstimate())
  },
  {
    bug: 'weight decay that does nothing',
    patch: '`updateProgram` is not told of the decay',
    right: () => decaySpecimen(0.5, 0.5),
    wrong: () => decaySpecimen(0.5, 0)
  },
  {
    bug: 'selection on the test set',
    patch: 'choice of a checkpoint (stand-in): by the loss on the test set',
    right: () => selectionSpecimen('validation'),
    wrong: () => selectionSpecimen('test')
  }
]
