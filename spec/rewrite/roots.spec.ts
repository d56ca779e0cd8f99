import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import { type Numbers, rowMajor } from '../../src/interpret/reference/arrays.js'
import { program } from '../../src/interpret/reference/evaluate.js'
import { grad, hessian, jacobian, jvp } from '../../src/rewrite/derivatives.js'
import { simplify } from '../../src/rewrite/simplify.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { broyden } from '../../src/solve/broyden.js'
import { newton } from '../../src/solve/newton.js'
import { picard } from '../../src/solve/picard.js'
import { root } from '../../src/solve/root.js'
import type { Solver } from '../../src/solve/solver.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { zerosLike } from '../../src/tensor/primitives/constant.js'
import { input } from '../../src/tensor/primitives/input.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { at } from '../../src/tensor/primitives/slice.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { tanh } from '../../src/tensor/primitives/tanh.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbersOfAll } from '../support/agreement.js'
import { type Sample, samples, tensorOf } from '../support/arbitraries.js'
import { law } from '../support/law.js'

const solvers: readonly Solver[] = [picard, broyden(), broyden({ start: 'jacobian' }), newton]
const options = (solver: Solver) => ({ start: fromArray([0, 0]), contraction: 0.5, solver })

/** W z by a matrix of two rows, scaled so that its Frobenius norm is at most 1/2. */
const applied = (w: Tensor, z: Tensor): Tensor => reshape(matmul(w, reshape(z, [2, 1])), [2])
const small = ({ shape, values }: Sample): Tensor => {
  const size = Math.max(1e-9, Math.hypot(...values))
  return fromArray(
    values.map(x => x / (2 * size)),
    shape
  )
}

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

const near =
  (tolerance: number) =>
  (a: Tensor, b: readonly number[] | Tensor): boolean => {
    const [left, right] = 'primitive' in b ? numbersOfAll(simplify([a, b])) : [numbersOfAll(simplify([a]))[0], b]
    Array.from(left ?? []).forEach((x, i) => {
      const y = right?.[i] as number
      if (!(Math.abs(x - y) <= tolerance * (1 + Math.abs(y)))) throw new Error(`entry ${i}: ${x} against ${y}`)
    })
    return true
  }

/** Directional derivative by Richardson's central differences of order 8; its own error is below 1e-9 here. */
const slope = (f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): readonly number[] => {
  const steps = [0, 1, 2, 3].map(i => 2 ** -(5 + i))
  const t = input('t', [])
  const run = program([t], simplify([f(add(x, mul(t, v)))]))
  const values = steps
    .flatMap(h => [h, -h])
    .map(h => Array.from(rowMajor(run([ndarray(Float64Array.of(h), [])])[0] as Numbers)))
  const count = values[0]?.length ?? 0
  return Array.from({ length: count }, (_, j) => {
    const first = steps.map((h, i) => ((values[2 * i]?.[j] as number) - (values[2 * i + 1]?.[j] as number)) / (2 * h))
    const better = (column: readonly number[], order: number): readonly number[] =>
      column.length === 1
        ? column
        : better(
            column.slice(1).map((finer, i) => finer + (finer - (column[i] as number)) / (4 ** order - 1)),
            order + 1
          )
    return better(first, 1)[0] as number
  })
}

const matrices = samples([2, 2], 'real')
const vectors = samples([2], 'real')
const few = { cases: 100 / solvers.length }
const v = fromArray([0.6, -0.8])

for (const solver of solvers)
  describe(`roots found by ${solver.name}`, () => {
    law(
      'solve their equation',
      [matrices, vectors],
      (m, p) => {
        const [w, x] = [small(m), tensorOf(p)]
        const z = solved(w, x, solver)
        return near(1e-13)(add(z, mul(0.5, sin(applied(w, z)))), x)
      },
      few
    )

    law(
      'have the derivatives of the implicit function theorem',
      [matrices, vectors],
      (m, p) => {
        const [w, x] = [small(m), tensorOf(p)]
        const f = (y: Tensor): Tensor => solved(w, y, solver)
        return near(1e-9)(jvp(f)(x, v)[1], slope(f, x, v))
      },
      few
    )

    law(
      'nested, have second derivatives: grad of grad against differences to 1e-8',
      [matrices, vectors],
      (m, p) => {
        const [w, x] = [small(m), tensorOf(p)]
        const f = (y: Tensor): Tensor => sum(mul(fromArray([1, -2]), nested(w, y, solver)))
        const twice = grad((y: Tensor) => sum(mul(grad(f)(y), v)))(x)
        return near(1e-8)(twice, slope(grad(f), x, v))
      },
      few
    )
  })

describe('derivatives through roots and matrices', () => {
  law('do not depend on the starting point, whose derivative is 0', [matrices, vectors], (m, p) => {
    const [w, x] = [small(m), tensorOf(p)]
    const from = (start: Tensor): Tensor =>
      sum(root(z => sub(add(z, mul(0.5, sin(applied(w, z)))), x), { start, contraction: 0.5 }))
    return near(0)(grad(from)(x), zerosLike(x))
  })

  law(
    'in weights: forward = reverse = differences',
    [matrices, vectors],
    (m, p) => {
      const [w, x] = [small(m), tensorOf(p)]
      const f = (u: Tensor): Tensor => nested(u, x, newton)
      const direction = fromArray([0.1, -0.3, 0.2, 0.4], [2, 2])
      const both = jacobian(f)(w)
      return (
        near(1e-11)(both, jacobian(f, { mode: 'reverse' })(w)) &&
        near(1e-8)(sum(mul(both, reshape(direction, [1, 2, 2])), [1, 2]), slope(f, w, direction))
      )
    },
    { cases: 50 }
  )

  law(
    'Hessians through a log-determinant of a Jacobian at a root are symmetric',
    [matrices, vectors],
    (m, p) => {
      const [w, x] = [small(m), tensorOf(p)]
      const f = (y: Tensor): Tensor => {
        const z = solved(w, y, newton)
        return logAbsDet(add(eye(2), mul(0.5, jacobian(u => sin(applied(w, u)))(z))))
      }
      const h = hessian(f)(x)
      return near(1e-10)(h, matmul(h, eye(2), { transposeA: true })) && near(1e-8)(applied(h, v), slope(grad(f), x, v))
    },
    { cases: 50 }
  )

  law('log-determinants and solutions: second derivatives against differences', [matrices, vectors], (m, p) => {
    const [w, x] = [small(m), tensorOf(p)]
    const f = (y: Tensor): Tensor => {
      const matrix = add(eye(2), mul(w, tanh(y)))
      return add(logAbsDet(matrix), sum(solve(matrix, reshape(sin(y), [2, 1]), { transpose: true })))
    }
    return near(1e-8)(applied(hessian(f)(x), v), slope(grad(f), x, v))
  })

  law(
    'vectorized, a root does not depend on its neighbours, to the bit',
    [matrices, samples([5, 2], 'real', 'wild')],
    (m, p) => {
      const w = small(m)
      const xs = tensorOf({ ...p, values: p.values.map(x => Math.max(-30, Math.min(30, x))) })
      const all = vectorize(x => solved(w, x, broyden()))(xs)
      const [left, ...right] = numbersOfAll([all, ...[0, 1, 2, 3, 4].map(i => solved(w, at(xs, 0, i), broyden()))])
      expect(Array.from(left ?? [])).toEqual(right.flatMap(row => Array.from(row)))
      return true
    },
    { cases: 50 }
  )

  it('rejects a contraction of 1 or more', () => {
    expect(() => root(z => z, { start: fromArray([1]), contraction: 1 })).toThrow('contraction must be in [0, 1)')
  })
})
