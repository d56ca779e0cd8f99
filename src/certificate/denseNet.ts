import type { Architecture } from '../flow/architecture.js'
import { layoutOf, segmentsOf } from '../flow/layout.js'
import { certifiedNorm } from '../lipschitz/certifiedNorm.js'
import { range } from '../tensor/shape.js'

/** A dense net's numbers: every weight by rows. */
export interface DenseNet {
  /** Whether an activation comes before the first layer too. */
  readonly leading: boolean
  readonly layers: readonly { readonly weight: readonly (readonly number[])[]; readonly bias: readonly number[] }[]
  readonly betas: readonly number[]
}

/** The nets of a flow's flat effective parameters, block by block: `gx`, and for an ImpFlow `gz` after it. */
export const denseNetsOf = (architecture: Architecture, effective: Float64Array): readonly DenseNet[] => {
  const layout = layoutOf(architecture)
  const parts = segmentsOf(layout, effective)
  return range(layout.nets).map(net => {
    const own = (kind: string) => parts.filter(([segment]) => segment.net === net && segment.kind === kind)
    const biases = own('bias').map(([, values]) => Array.from(values))
    const layers = own('weight').map(([{ shape }, values], l) => {
      const [rows, columns] = shape as [number, number]
      const weight = range(rows).map(i => Array.from(values.subarray(i * columns, (i + 1) * columns)))
      return { weight, bias: biases[l] as readonly number[] }
    })
    return {
      leading: architecture.leading ?? false,
      layers,
      betas: own('beta').map(([, values]) => values[0] as number)
    }
  })
}

/** What is proved of a net: an upper bound of every weight's norm, and one of the net's Lipschitz constant. */
export interface Bounds {
  readonly norms: readonly number[]
  readonly lipschitz: number
}

/** Added to a Lipschitz bound, so that a checker with finitely many bits can prove it, of a net that is 0 too. */
const margin = 2 ** -100

/** The bounds of a net whose activations have slopes of at most 1 in size, as all of ours do. */
export const boundsOf = ({ layers }: DenseNet): Bounds => {
  const norms = layers.map(({ weight }) => certifiedNorm(weight.flat(), [weight.length, weight[0]?.length ?? 0]))
  const lipschitz = norms.reduce((product, norm) => product * norm * (1 + 2 ** -50), 1) + margin
  return { norms, lipschitz: lipschitz * (1 + 2 ** -52) }
}
