import { describe, expect, it } from 'vitest'
import { type Sample, samples, tensorOf } from '../../src/laws/samples.js'
import { grad, hessian, jacobian, jvp } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { broyden } from '../../src/solve/broyden.js'
import { newton } from '../../src/solve/newton.js'
import { picard } from '../../src/solve/picard.js'
import { root } from '../../src/solve/root.js'
import type { Solver } from '../../src/solve/solver.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { broadcastTo } from '../../src/tensor/primitives/broadcast.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { transposed } from '../../src/tensor/primitives/permute.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { tanh } from '../../src/tensor/primitives/tanh.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { identical, numbersOfAll } from '../support/agreement.js'
import { law } from '../support/law.js'
import { near, programOf, slope } from '../support/programs.js'

const solvers: readonly Solver[] = [picard, broyden(), broyden({ start: 'jacobian' }), newton]
const options = (solver: Solver) => ({ start: fromArray([0, 0]), contraction: 0.5, solver })

/** W z. */
const applied = (w: Tensor, z: Tensor): Tensor => reshape(matmul(w, reshape(z, [2, 1])), [2])
/** The z with z + sin(W z) / 2 = x, whose inner part may be another such root. */
const solved = (w: Tensor, x: Tensor, solver: Solver): Tensor =>
  root(z => sub(add(z, mul(0.5, sin(applied(w, z)))), x), options(solver))

/** Two nested roots, the inner capturing the unknown of the outer. */
const nested = (w: Tensor, x: Tensor, solver: Solver): Tensor =>
  root(
    y =>
      sub(add(y, mul(0.25, tanh(root(z => sub(add(z, mul(0.5, sin(applied(w, z)))), mul(y, x)), options(solver))))), x),
    options(solver)
  )

const v = fromArray([0.6, -0.8])

/** W by its numbers over twice their norm: a contraction by 1/2. */
const small = ({ shape, values }: Sample): Sample => {
  const size = 2 * Math.max(1e-9, Math.hypot(...values))
  return { shape, values: values.map(x => x / size) }
}

/** The derivative of f in x along v, as the rewrites have it and as differences do. */
const alongBoth = (exact: (w: Tensor, x: Tensor) => Tensor, f: (w: Tensor, x: Tensor) => Tensor) => {
  const derivative = programOf([[2, 2], [2]], (w, x) => [exact(w, x)])
  const moved = programOf([[2, 2], [2]], (w, x, t) => [f(w, add(x, mul(t, v)))])
  return (tolerance: number, w: Sample, x: Sample): boolean =>
    near(
      tolerance,
      derivative(w, x)[0],
      slope(t => moved(w, x, t)[0] ?? [])
    )
}

const matrices = samples([2, 2], 'real').map(small)
const vectors = samples([2], 'real')
const few = { cases: 100 / solvers.length }

for (const solver of solvers)
  describe(`roots found by ${solver.name}`, () => {
    const both = programOf([[2, 2], [2]], (w, x) => {
      const z = solved(w, x, solver)
      return [add(z, mul(0.5, sin(applied(w, z)))), x]
    })
    law(
      'solve their equation',
      [matrices, vectors],
      (w, x) => {
        const [left, right] = both(w, x)
        return near(1e-13, left, right)
      },
      few
    )

    const first = alongBoth(
      (w, x) => jvp((y: Tensor) => solved(w, y, solver))(x, v)[1],
      (w, x) => solved(w, x, solver)
    )
    law('have the derivatives of the implicit function theorem', [matrices, vectors], (w, x) => first(1e-9, w, x), few)

    const gradient = (w: Tensor) => grad((y: Tensor) => sum(mul(fromArray([1, -2]), nested(w, y, solver))))
    const second = alongBoth(
      (w, x) => grad((y: Tensor) => sum(mul(gradient(w)(y), v)))(x),
      (w, x) => gradient(w)(x)
    )
    law(
      'nested, have second derivatives: grad of grad against differences',
      [matrices, vectors],
      (w, x) => second(1e-8, w, x),
      few
    )
  })

describe('derivatives through roots and matrices', () => {
  const inStart = programOf([[2, 2], [2]], (w, x) => {
    const from = (start: Tensor): Tensor =>
      sum(root(z => sub(add(z, mul(0.5, sin(applied(w, z)))), x), { start, contraction: 0.5 }))
    return [grad(from)(x)]
  })
  law('do not depend on the starting point', [matrices, vectors], (w, x) => near(0, inStart(w, x)[0], [0, 0]))

  const direction = fromArray([0.1, -0.3, 0.2, 0.4], [2, 2])
  const inWeights = programOf([[2, 2], [2]], (w, x) => {
    const f = (u: Tensor): Tensor => nested(u, x, newton)
    const forward = jacobian(f)(w)
    return [forward, jacobian(f, { mode: 'reverse' })(w), sum(mul(forward, broadcastTo(direction, [2, 2, 2])), [1, 2])]
  })
  const movedWeights = programOf([[2, 2], [2]], (w, x, t) => [nested(add(w, mul(t, direction)), x, newton)])
  law('in weights: forward = reverse = differences', [matrices, vectors], (w, x) => {
    const [forward, reverse, moved] = inWeights(w, x)
    return (
      near(1e-11, forward, reverse) &&
      near(
        1e-8,
        moved,
        slope(t => movedWeights(w, x, t)[0] ?? [])
      )
    )
  })

  /** ln det of a Jacobian at a root. */
  const atRoot =
    (w: Tensor) =>
    (y: Tensor): Tensor => {
      const z = solved(w, y, newton)
      return logAbsDet(add(eye(2), mul(0.5, jacobian(u => sin(applied(w, u)))(z))))
    }
  const hessianAtRoot = programOf([[2, 2], [2]], (w, x) => [hessian(atRoot(w))(x), transposed(hessian(atRoot(w))(x))])
  const secondAtRoot = alongBoth(
    (w, x) => applied(hessian(atRoot(w))(x), v),
    (w, x) => grad(atRoot(w))(x)
  )
  law('Hessians of a log-determinant of a Jacobian at a root are symmetric, and right', [matrices, vectors], (w, x) => {
    const [h, mirrored] = hessianAtRoot(w, x)
    return near(1e-10, h, mirrored) && secondAtRoot(1e-8, w, x)
  })

  const ofMatrices =
    (w: Tensor) =>
    (y: Tensor): Tensor => {
      const matrix = add(eye(2), mul(w, tanh(y)))
      return add(logAbsDet(matrix), sum(solve(matrix, reshape(sin(y), [2, 1]), { transpose: true })))
    }
  const secondOfMatrices = alongBoth(
    (w, x) => applied(hessian(ofMatrices(w))(x), v),
    (w, x) => grad(ofMatrices(w))(x)
  )
  law('log-determinants and solutions have second derivatives', [matrices, vectors], (w, x) =>
    secondOfMatrices(1e-8, w, x)
  )

  const alone = programOf([[2, 2], [2]], (w, x) => [solved(w, x, broyden())])
  law(
    'vectorized, a root does not depend on its neighbours, to the bit',
    [matrices, samples([5, 2], 'real', 'wild')],
    (w, sample) => {
      const values = sample.values.map(x => Math.max(-30, Math.min(30, x)))
      const weights = tensorOf(w)
      const [together = []] = numbersOfAll([
        vectorize(x => solved(weights, x, broyden()))(tensorOf({ ...sample, values }))
      ])
      const apart = [0, 1, 2, 3, 4].flatMap(
        i => alone(w, { shape: [2], values: values.slice(2 * i, 2 * i + 2) })[0] ?? []
      )
      return identical([together], [apart])
    }
  )

  it('rejects a contraction of 1 or more', () => {
    expect(() => root(z => z, { start: fromArray([1]), contraction: 1 })).toThrow('contraction must be in [0, 1)')
  })
})
