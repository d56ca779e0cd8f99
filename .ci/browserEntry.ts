/** What a page would import: expressions, their derivatives, roots, a flow both ways, `reference`, text, draws. */
import {
  activations,
  broyden,
  contractiveMlp,
  exactLogDet,
  fromArray,
  fromNested,
  fromSeed,
  implicit,
  input,
  listing,
  logProb,
  referenceBackend,
  sample,
  sampleNormal,
  scalar,
  sub,
  toArray
} from '../dist/index.js'

const net = contractiveMlp({ activation: activations.sine, leading: false })
const nets = {
  layers: [
    { weight: fromNested([[0.3, -0.2], [0.1, 0.4]]), bias: fromArray([0.1, 0.2]) },
    { weight: fromNested([[0.5, 0.1], [-0.2, 0.3]]), bias: fromArray([0, 0.1]) }
  ],
  betas: [],
  norms: [scalar(0.6), scalar(0.7)]
}
const flow = implicit({ logDet: exactLogDet, solver: broyden(), tolerance: 1e-14 })(net, net)
const parameters = { gx: nets, gz: nets }
const x = fromArray(sampleNormal(fromSeed(7))(2))
const { z } = logProb(flow)(parameters)(x)

/** How far the flow's inverse is from undoing it. */
export const distance: number = Math.max(...toArray(sub(sample(flow)(parameters)(z), x)).map(Math.abs))

/** Text of an expression, and the backend that a page has. */
export const text: string = listing([input('x', [2])])
export const backend: string = referenceBackend.name
