import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { onnxBackend } from '../../src/interpret/onnx/onnxBackend.js'
import { onnxFloat64, reference } from '../../src/interpret/runningError/machine.js'
import { roundingErrors } from '../../src/interpret/runningError/runningError.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { isRoot, root } from '../../src/solve/root.js'
import { fromArray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { topological } from '../../src/tensor/graph.js'
import { add } from '../../src/tensor/primitives/add.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { bounded, length, numbers } from '../solve/support/certificate.js'
import { type Complex, plus, product, scaledBy, sine, through } from './support/complex.js'

const A = [
  [0.3, -0.2],
  [0.1, 0.25]
]
const B = [
  [-0.2, 0.3],
  [0.25, 0.15]
]
const start = fromArray([0, 0])
const times = (m: Tensor, x: Tensor): Tensor => reshape(matmul(m, reshape(x, [2, 1])), [2])
const minus = (x: Tensor): Tensor => mul(-1, x)

/** The inner problem: w + A sin(w) = z + theta. It captures the outer unknown. */
const innerF = (z: Tensor, theta: Tensor) => (w: Tensor) =>
  add(add(w, times(fromNested(A), sin(w))), minus(add(z, theta)))
const innerConstant = 0.45
const inner = (z: Tensor, theta: Tensor): Tensor => root(innerF(z, theta), { start, contraction: innerConstant })

/** The outer problem: z + B sin(theta w(z)) = x; w stretches by at most 1 / (1 - 0.45), and |theta| <= 1. */
const outerF = (theta: Tensor, x: Tensor) => (z: Tensor) =>
  add(add(z, times(fromNested(B), sin(mul(theta, inner(z, theta))))), minus(x))
const outerConstant = 0.75
const outer = (theta: Tensor, x: Tensor): Tensor => root(outerF(theta, x), { start, contraction: outerConstant })

const loss =
  (x: Tensor) =>
  (theta: Tensor): Tensor => {
    const z = outer(theta, x)
    return add(sum(mul(z, mul(z, sin(z)))), sum(mul(theta, inner(z, theta))))
  }

const theta0 = [0.7, -0.4]
const x0 = [1.3, -0.8]
const v0 = [0.6, 0.9]
const [theta, x, v] = [fromArray(theta0), fromArray(x0), fromArray(v0)] as const

const first = grad(loss(x))
const second = grad((at: Tensor) => sum(mul(first(at), v)))

/** A map repeated until nothing moves. */
const fixedPoint = (f: (z: readonly Complex[]) => readonly Complex[], from: readonly Complex[]): readonly Complex[] =>
  Array.from({ length: 200 }).reduce<readonly Complex[]>(z => f(z), from)

/** The loss over the complex numbers, by plain fixed-point iterations: independent of the package. */
const complexLoss = (at: readonly Complex[]): Complex => {
  const target = (z: readonly Complex[]) => z.map((zi, i) => plus(zi, at[i] as Complex))
  const w = (z: readonly Complex[]) =>
    fixedPoint(y => target(z).map((t, i) => plus(t, scaledBy(-1, through(A, y.map(sine))[i] as Complex))), z)
  const z = fixedPoint(
    y => {
      const moved = through(
        B,
        w(y).map((wi, i) => sine(product(at[i] as Complex, wi)))
      )
      return x0.map((xi, i) => plus([xi, 0], scaledBy(-1, moved[i] as Complex)))
    },
    x0.map(xi => [xi, 0] as const)
  )
  const inside = w(z)
  return z
    .map(zi => product(zi, product(zi, sine(zi))))
    .concat(inside.map((wi, i) => product(at[i] as Complex, wi)))
    .reduce(plus, [0, 0])
}

/** Sixth-order central differences of a function of one number. */
const difference = (f: (t: number) => number, h: number): number =>
  (45 * (f(h) - f(-h)) - 9 * (f(2 * h) - f(-2 * h)) + (f(3 * h) - f(-3 * h))) / (60 * h)

/** The gradient of the loss by complex steps, at a point moved along v. */
const gradientByComplexStep = (t: number): readonly number[] =>
  theta0.map((_, k) => {
    const at = theta0.map((x, i): Complex => [x + t * (v0[i] as number), i === k ? 1e-30 : 0])
    return complexLoss(at)[1] / 1e-30
  })

describe('two nested roots, the inner capturing the unknown of the outer', () => {
  const [value, gradient, hessianTimesV] = numbers(loss(x)(theta), first(theta), second(theta)) as [
    Float64Array,
    Float64Array,
    Float64Array
  ]

  it('have the value and the gradient that complex steps give', () => {
    expect(value[0]).toBeCloseTo(complexLoss(theta0.map(t => [t, 0] as const))[0], 12)
    gradientByComplexStep(0).forEach((g, k) => {
      expect(Math.abs((gradient[k] as number) - g)).toBeLessThan(1e-12)
    })
  })

  it('have the gradient of the gradient, to 1e-8', () => {
    const expected = theta0.map((_, k) => difference(t => gradientByComplexStep(t)[k] as number, 1e-2))
    expected.forEach((h, k) => {
      expect(Math.abs((hessianTimesV[k] as number) - h)).toBeLessThan(1e-8)
    })
  })

  it('lowered to ONNX give what reference gives, within the running errors of both', async context => {
    const outputs = [loss(x)(theta), first(theta), second(theta)]
    const z = outer(theta, x)
    const compiled = await onnxBackend('float64').compile([], [...outputs, z, inner(z, theta)])()
    if (E.isLeft(compiled)) {
      if (compiled.left.tag === 'OnnxUnavailable') return context.skip(compiled.left.message)
      return expect.fail(compiled.left.message)
    }
    const ran = await compiled.right([])()
    if (E.isLeft(ran)) return expect.fail(ran.left.message)
    const ours = numbers(...outputs, z, inner(z, theta))
    const allowed = [
      boundsWith(outputs, onnxFloat64, ran.right[3] as Float64Array, ran.right[4] as Float64Array),
      boundsWith(outputs, reference, ours[3] as Float64Array, ours[4] as Float64Array)
    ]
    outputs.forEach((_, i) => {
      const theirs = ran.right[i] as Float64Array
      theirs.forEach((y, j) => {
        const bound = allowed.reduce((total, bounds) => total + (bounds[i]?.[j] as number), 0)
        expect(bound).toBeLessThan(1e-10)
        expect(Math.abs(y - (ours[i]?.[j] as number))).toBeLessThanOrEqual(bound)
      })
    })
  })
})

/** Bounds of the outputs of a machine that found z and w: those two are certified, the rest is running error. */
const boundsWith = (
  outputs: readonly Tensor[],
  machine: typeof reference,
  z: Float64Array,
  w: Float64Array
): readonly Float64Array[] => {
  const [zAt, wAt] = [fromArray(z), fromArray(w)]
  const radius = (residual: { readonly values: Float64Array; readonly errors: Float64Array }, c: number): number =>
    ((length(residual.values) + length(residual.errors)) / (1 - c)) * (1 + 2 ** -40)
  const ofW = radius(bounded(innerF(zAt, theta)(wAt)), innerConstant)
  const nested = outerF(theta, x)(zAt)
  const roots = (from: readonly Tensor[], off: number) =>
    new Map(
      topological(from)
        .filter(isRoot)
        .map(tensor => [tensor, off])
    )
  const computedW = numbers(inner(zAt, theta))[0] as Float64Array
  const ofComputedW = radius(bounded(innerF(zAt, theta)(fromArray(computedW))), innerConstant)
  const ofZ = radius(bounded(nested, roots([nested], ofComputedW)), outerConstant)
  const off = scalar(Math.max(ofZ, ofW + ofZ / (1 - innerConstant)))
  const known = new Map([...roots(outputs, 0).keys()].map(tensor => [tensor, off]))
  return numbers(...roundingErrors(machine, { known })(outputs))
}
