import { neg } from '../tensor/primitives/neg.js'
import type { Solver } from './solver.js'

/** Fixed-point iteration z <- z - F(z): the residual shrinks by the contraction at every step. */
export const picard: Solver = {
  name: 'picard',
  init: () => [],
  step: residual => neg(residual),
  learn: () => []
}
