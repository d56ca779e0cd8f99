import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains } from '../../src/interpret/interval/interval.js'
import { exactIntervals, type Intervals, intervalAt } from '../../src/interpret/interval/intervals.js'
import { grad, hessian, jacobian, jvp, vjp } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { enclosures } from '../../src/solve/enclosures.js'
import { linearRoot, linearRootsOf, solvedLinear } from '../../src/solve/linearRoot.js'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { transposed } from '../../src/tensor/primitives/permute.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { tanh } from '../../src/tensor/primitives/tanh.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { law } from '../support/law.js'
import { numbers, valuesOf } from './support/certificate.js'

/** Above the dimension up to which roots have their derivatives by elimination. */
const n = 10
const sixtyFourths = (count: number, most: number) =>
  fc.array(
    fc.integer({ min: -most, max: most }).map(i => i / 64),
    { minLength: count, maxLength: count }
  )
/** W with row and column sums of |W| at most 5/8, so that its norm is; and vectors. */
const matrices = sixtyFourths(n * n, 4)
const vectors = sixtyFourths(n, 640)

const applied = (w: Tensor, v: Tensor): Tensor => reshape(matmul(w, reshape(v, [n, 1])), [n])
const asMatrix = (w: readonly number[]): Tensor => fromArray(w, [n, n])
/** (I + W)^-1 b, by products and by elimination. */
const iterated = (w: Tensor, b: Tensor): Tensor => linearRoot(t => add(t, applied(w, t)), b, { tolerance: 1e-14 })
const exact = (w: Tensor, b: Tensor): Tensor => reshape(solve(add(eye(n), w), reshape(b, [n, 1])), [n])

/** Apart by no more than what |r| <= 1e-14 |b| and some rounding allow, 1 / (1 - 5/8) times, once a derivative. */
const close = (a: Tensor, b: Tensor, unit = 1): boolean => {
  const [x, y] = numbers(a, b) as [Float64Array, Float64Array]
  const scale = Math.hypot(1, ...y) * unit
  return x.every((value, i) => Math.abs(value - (y[i] as number)) <= 1e-11 * scale)
}

describe('a linear root', () => {
  law('solves its equation', [matrices, vectors], (w, b) =>
    close(iterated(asMatrix(w), fromArray(b)), exact(asMatrix(w), fromArray(b)))
  )

  law(
    'has the tangents and cotangents of the inverse, in the right side and in the map',
    [matrices, vectors, vectors, matrices],
    (w, b, v, dw) => {
      const at = { w: asMatrix(w), b: fromArray(b) }
      const along = { w: asMatrix(dw), b: fromArray(v) }
      const [one, other] = [iterated, exact].map(f => (x: typeof at) => f(x.w, x.b)) as [
        (x: typeof at) => Tensor,
        (x: typeof at) => Tensor
      ]
      const [pulled, expected] = [vjp(one)(at)[1](along.b), vjp(other)(at)[1](along.b)]
      return (
        close(jvp(one)(at, along)[1], jvp(other)(at, along)[1], 100) &&
        close(pulled.b, expected.b) &&
        close(pulled.w, expected.w, 100)
      )
    }
  )

  law('is the same for rows along either side', [matrices, vectors, vectors], (w, b, c) =>
    (['first', 'last'] as const).every(side => {
      const rows = fromArray([...b, ...c], [2, n])
      const found = vectorize((right: Tensor) => iterated(asMatrix(w), right), { side })(
        side === 'first' ? rows : transposed(rows)
      )
      const singles = [b, c].map(right => valuesOf(iterated(asMatrix(w), fromArray(right))))
      const [both] = numbers(side === 'first' ? found : transposed(found)) as [Float64Array]
      return singles.every((single, i) => single.every((x, j) => Math.abs(x - (both[i * n + j] as number)) <= 1e-11))
    })
  )

  law('of rows with maps of their own and one right side', [matrices, matrices, vectors], (w, v, b) => {
    const both = fromArray([...w, ...v], [2, n, n])
    const found = (f: typeof exact): Tensor => vectorize((m: Tensor) => f(m, fromArray(b)))(both)
    const slopes = (f: typeof exact): Tensor =>
      grad((right: Tensor) => sum(vectorize((m: Tensor) => f(m, right))(both)))(fromArray(b))
    return close(found(iterated), found(exact)) && close(slopes(iterated), slopes(exact))
  })

  law('tells its products, and whether it converged', [matrices, vectors.filter(b => b.some(x => x !== 0))], (w, b) => {
    const told = (limit: number, tolerance: number) => {
      const node = linearRoot(t => add(t, applied(asMatrix(w), t)), fromArray(b), { limit, tolerance })
      const [given] = linearRootsOf([node]).map(solvedLinear)
      const [steps, converged] = numbers(...(given === undefined ? [] : [given.iterations, given.converged])) as [
        Float64Array,
        Float64Array
      ]
      return [steps[0], converged[0]]
    }
    const [steps, converged] = told(200, 1e-12)
    // a product leaves at most 5/8: 59 of them take the residual below 1e-12
    return (
      converged === 1 && (steps as number) <= 59 && told(3, 0)[0] === 3 && told(3, 0)[1] === 0 && told(3, 1)[0] === 0
    )
  })

  it('of a right side of zeros is zero, without a product', () => {
    const zeros = fromArray(Array<number>(n).fill(0))
    const node = iterated(mul(0.5, eye(n)), zeros)
    const [given] = linearRootsOf([node]).map(solvedLinear)
    expect(valuesOf(given?.iterations as Tensor)[0]).toBe(0)
    expect(Array.from(valuesOf(node), Math.abs)).toEqual(Array(n).fill(0))
  })

  it('of numbers that are none has not converged', () => {
    const node = iterated(mul(0.5, eye(n)), fromArray(Array<number>(n).fill(Number.NaN)))
    const [given] = linearRootsOf([node]).map(solvedLinear)
    expect(valuesOf(given?.converged as Tensor)[0]).toBe(0)
  })

  it('refuses a map that changes the shape', () => {
    expect(() => linearRoot(t => sum(t), fromArray([1, 2]))).toThrow(/linearRoot.*not to its own shape/)
  })

  it('is enclosed by intervals', () => {
    const w = Array.from({ length: n * n }, (_, i) => ((i * 7) % 9) / 128)
    const b = Array.from({ length: n }, (_, i) => i - 4)
    const right = input('b', [n])
    const [found] = enclosures([right], [iterated(asMatrix(w), right)])([exactIntervals(b)]) as [Intervals]
    valuesOf(exact(asMatrix(w), fromArray(b))).forEach((x, i) => {
      const { lo, hi } = intervalAt(found, i)
      expect(contains({ lo: lo - 1e-13, hi: hi + 1e-13 }, x)).toBe(true)
      expect(hi - lo).toBeLessThan(1e-12)
    })
  })
})

describe('roots of many unknowns have derivatives without a matrix', () => {
  /** z + W tanh(z) = x. */
  const rootOf =
    (w: Tensor) =>
    (x: Tensor): Tensor =>
      root(z => sub(add(z, applied(w, tanh(z))), x), { start: x, contraction: 0.625, tolerance: 1e-14 })
  const rowsOf = (v: Tensor): Tensor => matmul(fromArray(Array(n).fill(1), [n, 1]), reshape(v, [1, n]))

  const slopes = (w: Tensor, z: Tensor): Tensor => add(eye(n), mul(w, rowsOf(sub(1, mul(tanh(z), tanh(z))))))

  law(
    'that are those of the implicit function theorem, forwards and backwards',
    [matrices, vectors],
    (w, x) => {
      const [m, y] = [asMatrix(w), fromArray(x)]
      const expected = solve(slopes(m, rootOf(m)(y)), eye(n))
      return (['forward', 'reverse'] as const).every(mode => close(jacobian(rootOf(m), { mode })(y), expected, 100))
    },
    { cases: 20 }
  )

  law(
    'and second ones, which are symmetric',
    [matrices, vectors],
    (w, x) => {
      const f = (y: Tensor): Tensor => sum(mul(rootOf(asMatrix(w))(y), rootOf(asMatrix(w))(y)))
      const second = hessian(f)(fromArray(x))
      return close(second, transposed(second), 1000)
    },
    { cases: 5 }
  )
})
