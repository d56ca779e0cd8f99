import { abs } from '../../tensor/primitives/abs.js'
import { add } from '../../tensor/primitives/add.js'
import { div } from '../../tensor/primitives/div.js'
import { exp } from '../../tensor/primitives/exp.js'
import { maximum } from '../../tensor/primitives/maximum.js'
import { mul } from '../../tensor/primitives/mul.js'
import { power } from '../../tensor/primitives/power.js'
import { sqrt } from '../../tensor/primitives/sqrt.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Elementary, Machine } from './machine.js'
import { atLeast, gamma, isZero, over, plus, scaled, times, tinyOf } from './magnitudes.js'

/** How an error of the argument, at most e, moves f(x): argument, e, computed f(x), relative accuracy of the latter. */
type Moved = (x: Tensor, e: Tensor, y: Tensor, relative: number) => Tensor

/** |e^x - e^x0| <= e^x0 d e^d for |x - x0| <= d. */
const grown = (scale: Tensor, e: Tensor): Tensor => times(scale, mul(e, exp(e)))

/** Mean-value bounds, valid for errors of any size. */
const moved: Readonly<Record<Elementary, Moved>> = {
  cos: (_, e) => e,
  exp: (_, e, y, relative) => grown(scaled(y, 1 + relative), e),
  expm1: (_, e, y, relative) => grown(add(add(y, 1), scaled(abs(y), relative)), e),
  log: (x, e) => over(e, atLeast(x, e), div),
  log1p: (x, e) => over(e, atLeast(add(x, 1), e), div),
  sigmoid: (_, e) => scaled(e, 0.25),
  sin: (_, e) => e,
  softplus: (_, e) => e,
  sqrt: (_, e, y) => div(e, maximum(y, sqrt(e))),
  tanh: (_, e) => e
}

/**
 * Bound of an elementary function: its own error, and that of its argument by a mean-value bound or a Lipschitz constant
 * (sin, cos, tanh, softplus 1, sigmoid 1/4; the root by |sqrt a - sqrt b| <= |a - b| / max(sqrt a, sqrt |a - b|)).
 */
export const elementaryLine =
  (machine: Machine, name: Elementary) =>
  ([e]: readonly Tensor[], node: Tensor): Tensor => {
    const { relative, absolute } = machine.elementary[name]
    const u = machine.unitRoundoff
    const accuracy = gamma(machine, relative)
    const own = plus(scaled(abs(node), accuracy), tinyOf(machine))
    const rounded = absolute === 0 ? own : add(own, absolute * u)
    const bound = e as Tensor
    if (isZero(bound)) return rounded
    const positive = name === 'sqrt' ? add(bound, machine.tiny) : bound
    const value = name === 'exp' ? add(node, machine.tiny) : node
    return plus(rounded, moved[name](node.inputs[0] as Tensor, positive, value, accuracy))
  }

/** Bound of an integer power by repeated squaring, and a division if it is negative. */
export const powerLine =
  (machine: Machine) =>
  ([e]: readonly Tensor[], node: Tensor<{ readonly exponent: number }>): Tensor => {
    const { exponent } = node.parameters
    const n = Math.abs(exponent)
    const x = node.inputs[0] as Tensor
    const bound = e as Tensor
    const size = abs(node)
    if (n === 0) return scaled(size, 0)
    const subnormal = exponent < 0 ? times(times(size, tinyOf(machine)), scaled(size, 2 * n)) : tinyOf(machine)
    const own = plus(scaled(size, gamma(machine, n + 1)), scaled(tinyOf(machine), n), subnormal)
    if (isZero(bound)) return own
    const steepest =
      exponent > 0
        ? times(bound, power(plus(abs(x), bound), n - 1))
        : over(bound, atLeast(x, bound), (a, b) => div(a, power(b, n + 1)))
    return plus(own, scaled(steepest, n))
  }
