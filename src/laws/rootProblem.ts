import fc from 'fast-check'
import { reference } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { tangents } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { fromArray } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { sin } from '../tensor/primitives/sin.js'
import { sub } from '../tensor/primitives/sub.js'
import { tanh } from '../tensor/primitives/tanh.js'
import type { Tensor } from '../tensor/tensor.js'
import { lengthOf, type Matrix } from './matrix.js'
import { numeric } from './numeric.js'

/** A contraction g, as an expression, with a proved constant. */
export interface Contraction {
  readonly dimension: number
  readonly constant: number
  readonly g: (z: Tensor) => Tensor
  /** z + g(z), and how far that is off. */
  readonly image: (z: readonly number[]) => { readonly value: readonly number[]; readonly error: number }
}

/** F(z) = z + g(z) - y = 0: everything that a solver may want to know of it. */
export interface RootProblem {
  readonly dimension: number
  /** F - Id has a Lipschitz constant of at most this. */
  readonly contraction: number
  readonly f: (z: readonly number[]) => readonly number[]
  /** Row i the derivatives of value i of F. */
  readonly jacobian: (z: readonly number[]) => Matrix
  readonly start: readonly number[]
  /** F as an expression, for solvers of this package. */
  readonly expression: (z: Tensor) => Tensor
  /** Bounds of the rounding errors of F. */
  readonly rounding: (z: readonly number[]) => readonly number[]
}

const contractionOf = (dimension: number, constant: number, g: (z: Tensor) => Tensor): Contraction => ({
  dimension,
  constant,
  g,
  image: z => {
    const sum = simplify([add(fromArray(z), g(fromArray(z)))])[0] as Tensor
    const [value, error] = numeric([], [sum, ...roundingErrors(reference)([sum])])([]) as [Float64Array, Float64Array]
    return { value: [...value], error: lengthOf(error) }
  }
})

const times = (entries: readonly number[], rows: number, x: Tensor): Tensor => {
  const columns = x.shape[0] as number
  return reshape(matmul(fromArray(entries, [rows, columns]), reshape(x, [columns, 1])), [rows])
}

const numbers = (count: number): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.integer({ min: -1000, max: 1000 }).map(i => i / 1000),
    { minLength: count, maxLength: count }
  )

/** Random contractions A phi(B z + b), phi = sin or tanh: the Frobenius norms of A and B bound the constant. */
export const contractions = (upTo: number): fc.Arbitrary<Contraction> =>
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
    .chain(([d, width]) =>
      fc.record({
        d: fc.constant(d),
        a: numbers(d * width),
        b: numbers(width * d),
        bias: numbers(width),
        constant: fc.constantFrom(...[0.1, 0.5, 0.9, 0.97, 0.999].filter(c => c <= upTo)),
        phi: fc.constantFrom('sin', 'tanh')
      })
    )
    .map(({ d, a, b, bias, constant, phi }) => {
      const size = lengthOf(a) * lengthOf(b)
      const factor = size === 0 ? 0 : (constant * (1 - 2 ** -40)) / size
      const inner = (z: Tensor): Tensor => add(times(b, bias.length, z), fromArray(bias))
      const outer = a.map(x => x * factor)
      return contractionOf(d, constant, z => times(outer, d, (phi === 'sin' ? sin : tanh)(inner(z))))
    })

/**
 * g with slope c where |z| <= a and -c beyond, g(0) = 0: where c > 1/3, Newton's method for z + g(z) = 0 from beyond jumps
 * between -2ac / (1 - c) and its opposite for ever.
 */
export const kinked = (upTo: number): fc.Arbitrary<Contraction> =>
  fc
    .tuple(fc.integer({ min: 40, max: 97 }), fc.integer({ min: 1, max: 64 }))
    .filter(([percent]) => percent / 100 <= upTo)
    .map(([percent, eighths]) => {
      const [c, a] = [percent / 100, eighths / 8]
      return contractionOf(1, c, z => add(mul(-c, z), mul(2 * c, maximum(minimum(z, a), -a))))
    })

/** The problem z + g(z) = y from a start. */
export const rootProblem = (
  { dimension, constant, g }: Contraction,
  y: readonly number[],
  start: readonly number[]
): RootProblem => {
  const expression = (z: Tensor): Tensor => sub(add(z, g(z)), fromArray(y))
  const compiled = numeric([dimension], ([z]) => [expression(z as Tensor)])
  const slopes = numeric([dimension], ([z]) => [tangents(expression)(z as Tensor)[1]])
  const bounds = numeric([dimension], ([z]) => roundingErrors(reference)(simplify([expression(z as Tensor)])))
  return {
    dimension,
    contraction: constant,
    expression,
    start,
    f: z => [...(compiled([z])[0] as Float64Array)],
    jacobian: z => {
      const rows = slopes([z])[0] as Float64Array
      return z.map((_, i) => z.map((__, j) => rows[j * dimension + i] as number))
    },
    rounding: z => [...(bounds([z])[0] as Float64Array)]
  }
}

/** |F| at a point, and a bound of the rounding error of evaluating F there. */
export const residualAt = (
  { f, rounding }: RootProblem,
  z: readonly number[]
): { readonly size: number; readonly rounding: number } => ({ size: lengthOf(f(z)), rounding: lengthOf(rounding(z)) })
