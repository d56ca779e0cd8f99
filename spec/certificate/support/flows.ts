import fc from 'fast-check'
import type { DenseNet } from '../../../src/certificate/denseNet.js'
import {
  type ExactFlow,
  type ExactPiece,
  flowEnclosures,
  type PointEnclosure
} from '../../../src/certificate/flowEnclosures.js'
import type { ActivationName } from '../../../src/net/activations.js'
import { activations } from '../../../src/net/activations.js'
import { type NetSample, nets } from '../../net/support/nets.js'

/** A net's numbers by rows. */
const denseOf = ({ leading, widths, weights, biases, betas }: NetSample): DenseNet => ({
  leading,
  layers: weights.map((weight, i) => {
    const columns = widths[i] as number
    const rows = Array.from({ length: widths[i + 1] as number }, (_, row) =>
      weight.slice(row * columns, (row + 1) * columns)
    )
    return { weight: rows, bias: biases[i] as readonly number[] }
  }),
  betas
})

const numbers = (d: number): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.integer({ min: -1000, max: 1000 }).map(i => i / 500),
    { minLength: d, maxLength: d }
  )

/** Random flows of up to two blocks in d dimensions, some without gz, some with an ActNorm, some standardised. */
export const flows = (d: number, constants: readonly number[] = [0.1, 0.5, 0.9, 0.97]): fc.Arbitrary<ExactFlow> =>
  fc
    .tuple(
      fc.constantFrom(...(Object.keys(activations) as ActivationName[])),
      fc.integer({ min: 1, max: 2 }),
      fc.boolean(),
      fc.boolean()
    )
    .chain(([activation, count, implicit, standardised]) => {
      const net = nets(d, { activation, maxWidth: 6, constants }).map(denseOf)
      const block: fc.Arbitrary<ExactPiece> = implicit ? fc.record({ gx: net, gz: net }) : fc.record({ gx: net })
      const affine: fc.Arbitrary<ExactPiece> = fc.record({ shift: numbers(d), logScale: numbers(d) })
      return fc
        .tuple(fc.array(block, { minLength: count, maxLength: count }), affine, fc.integer({ min: 0, max: 6 }))
        .map(
          ([whole, actNorm, place]): ExactFlow => ({
            dimension: d,
            activation,
            mean: Array.from({ length: d }, (_, i) => (standardised ? i - 0.3 : 0)),
            scale: Array.from({ length: d }, (_, i) => (standardised ? 0.7 + i : 1)),
            blocks: place > count ? whole : [...whole.slice(0, place), actNorm, ...whole.slice(place)]
          })
        )
    })

/** Coordinates of all sizes. */
const coordinate = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map(i => (4 * i) / 2 ** 20) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1e-300, -1e-9, 100, -1000, 0.5) }
)

/** A flow with a point. */
export const flowAndPoint = (
  maxD = 3,
  constants?: readonly number[]
): fc.Arbitrary<readonly [ExactFlow, readonly number[]]> =>
  fc
    .integer({ min: 1, max: maxD })
    .chain(d => fc.tuple(flows(d, constants), fc.array(coordinate, { minLength: d, maxLength: d })))

/** What is proved of a point; the flow must be contractive. */
export const enclosed = (flow: ExactFlow): ((x: readonly number[]) => PointEnclosure) => {
  const prepared = flowEnclosures(flow)
  if (prepared._tag === 'Left') throw new Error(JSON.stringify(prepared.left))
  return prepared.right
}
