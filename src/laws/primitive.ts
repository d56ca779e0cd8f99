import fc from 'fast-check'
import { boundsOf } from '../interpret/runningError/runningError.js'
import { jacobian } from '../rewrite/derivatives.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { fromArray } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { concat } from '../tensor/primitives/concat.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { at, slice } from '../tensor/primitives/slice.js'
import { range, sizeOf } from '../tensor/shape.js'
import { type Domain, rankOf, type Side, type Tensor } from '../tensor/tensor.js'
import { agree, identical, numbersOfAll, withinBounds } from './agreement.js'
import {
  type Applicable,
  type Application,
  applications,
  argumentsOf,
  domainsOf,
  functionOf,
  withDirections
} from './applications.js'
import { cotangents, inner, type Several, tangent } from './contractions.js'
import { type Law, lawOf } from './law.js'
import { type Sample, samples, tensorOf } from './samples.js'
import { differences } from './tensorDifferences.js'

const severalOf = (application: Application): Several => {
  const f = functionOf(application)
  return xs => f(...xs)
}

const tensors = (sampled: readonly Sample[]): readonly Tensor[] => sampled.map(tensorOf)

/** Weights of a result, different for every entry. */
const weightsFor = (y: Tensor): Tensor =>
  fromArray(
    range(sizeOf(y.shape)).map(i => Math.cos(2 * i + 1)),
    y.shape
  )

const moved = (xs: readonly Tensor[], by: readonly Tensor[], factor: number): readonly Tensor[] =>
  xs.map((x, i) => add(x, mul(factor, by[i] as Tensor)))

const timesTwo = (xs: readonly Tensor[], exponent: number): readonly Tensor[] => xs.map(x => mul(x, 2 ** exponent))

/** The function of all arguments laid end to end in one vector. */
const flattened = (application: Application): { readonly f: (x: Tensor) => Tensor; readonly x: Tensor } => {
  const shapes = application.arguments.map(x => x.shape)
  const offsets = shapes.map((_, i) => shapes.slice(0, i).reduce((sum, shape) => sum + sizeOf(shape), 0))
  const f = severalOf(application)
  return {
    f: x => f(shapes.map((shape, i) => reshape(slice(x, [offsets[i] as number], [sizeOf(shape)]), shape))),
    x: concat(
      argumentsOf(application).map(x => reshape(x, [sizeOf(x.shape)])),
      0
    )
  }
}

/** Rows of an argument along a new axis, first or last. */
const lanesOf = (x: Sample, rows: number, side: Side, domain: Domain): fc.Arbitrary<Sample> =>
  samples([rows, ...x.shape], domain, 'wild').map(({ shape, values }) => {
    if (side === 'first') return { shape, values }
    const size = sizeOf(x.shape)
    const turned = range(size * rows).map(i => values[(i % rows) * size + Math.floor(i / rows)] as number)
    return { shape: [...x.shape, rows], values: turned }
  })

/**
 * The laws of a primitive of the expression language: its derivative rules, in both modes and twice, and its rule for rows.
 * Tolerances are running error bounds.
 */
export const primitive = (name: Applicable): readonly Law[] => [
  ...(name === 'stopGradient'
    ? []
    : [
        lawOf(
          `${name}: its tangent is what differences of its values tend to`,
          [withDirections(name, 1)],
          ([application, v = []]) => {
            fc.pre(
              name !== 'max' ||
                new Set(application.arguments[0]?.values).size === application.arguments[0]?.values.length
            )
            const [f, xs] = [severalOf(application), argumentsOf(application)]
            const directions = tensors(v).map((dx, i) => (domainsOf(name)[i] === 'indicator' ? mul(dx, 0) : dx))
            const y = tangent(f, xs, directions)
            const [values, bounds] = [numbersOfAll([y]), boundsOf()([y])]
            return withinBounds(
              [{ values: values[0] as Float64Array, bounds: bounds[0] as Float64Array }],
              differences(zs => [f(zs)], xs, directions)
            )
          }
        )
      ]),
  lawOf(
    `${name}: its tangent is linear: J(v + w) = Jv + Jw`,
    [withDirections(name, 2)],
    ([application, v = [], w = []]) => {
      const [f, xs] = [severalOf(application), argumentsOf(application)]
      const both = moved(tensors(v), tensors(w), 1)
      return agree([tangent(f, xs, both)], [add(tangent(f, xs, tensors(v)), tangent(f, xs, tensors(w)))])
    }
  ),
  lawOf(
    `${name}: its tangent is homogeneous, exactly for powers of two`,
    [withDirections(name, 1), fc.integer({ min: -20, max: 20 })],
    ([application, v = []], exponent) => {
      const [f, xs] = [severalOf(application), argumentsOf(application)]
      const outside = timesTwo([tangent(f, xs, tensors(v))], exponent)
      return identical(numbersOfAll([tangent(f, xs, timesTwo(tensors(v), exponent))]), numbersOfAll(outside), {
        signs: false
      })
    }
  ),
  lawOf(`${name}: <J v, u> = <v, J* u>`, [withDirections(name, 1)], ([application, v = []]) => {
    const [f, xs] = [severalOf(application), argumentsOf(application)]
    const dy = tangent(f, xs, tensors(v))
    const u = weightsFor(dy)
    return agree([inner([dy], [u])], [inner(tensors(v), cotangents(f, xs, u))])
  }),
  lawOf(
    `${name}: columns J e_i, rows J* e_j and the dense Jacobian in both modes are one`,
    [applications(name)],
    application => {
      const { f, x } = flattened(application)
      const n = sizeOf(x.shape)
      const forward = jacobian(f)(x)
      const m = sizeOf(forward.shape) / n
      const basis = fromArray(range(n).map(i => (i === 0 ? 1 : 0)))
      const first = tangent(([z]) => f(z as Tensor), [x], [basis])
      return agree(
        [forward, ...(n === 0 ? [] : [at(reshape(forward, [m, n]), 1, 0)])],
        [jacobian(f, { mode: 'reverse' })(x), ...(n === 0 ? [] : [reshape(first, [m])])]
      )
    }
  ),
  lawOf(`${name}: tangent of pullback = pullback of tangent`, [withDirections(name, 1)], ([application, v = []]) => {
    const [f, xs, directions] = [severalOf(application), argumentsOf(application), tensors(v)]
    const u = weightsFor(f(xs))
    const tangentOfPullback = (at: readonly Tensor[]): readonly Tensor[] =>
      at.map((_, i) => tangent(zs => cotangents(f, zs, u)[i] as Tensor, at, directions))
    const pullbackOfTangent = cotangents(zs => tangent(f, zs, directions), xs, u)
    return agree(tangentOfPullback(xs), pullbackOfTangent)
  }),
  lawOf(`${name}: second derivatives are symmetric`, [withDirections(name, 2)], ([application, v = [], w = []]) => {
    const [f, xs] = [severalOf(application), argumentsOf(application)]
    const u = weightsFor(f(xs))
    const twice = (first: readonly Tensor[], second: readonly Tensor[]): Tensor =>
      inner([tangent(zs => tangent(f, zs, first), xs, second)], [u])
    return agree([twice(tensors(v), tensors(w))], [twice(tensors(w), tensors(v))])
  }),
  lawOf(
    `${name}: vectorized, rows are what it makes of rows`,
    [
      applications(name).chain(application => {
        const size = fc.integer({ min: 1, max: 3 })
        const flags = fc.tuple(...application.arguments.map(() => fc.boolean()))
        const sides = fc.constantFrom('first' as const, 'last' as const)
        return fc.tuple(size, flags, sides).chain(([rows, mapped, side]) =>
          fc.record({
            side: fc.constant(side),
            application: fc.constant(application),
            rows: fc.constant(rows),
            mapped: fc.constant(mapped),
            lanes: fc.tuple(
              ...application.arguments.map((x, i) =>
                mapped[i] ? lanesOf(x, rows, side, domainsOf(name)[i] ?? 'real') : fc.constant(x)
              )
            )
          })
        )
      })
    ],
    ({ application, rows, mapped, lanes, side }) => {
      const xs = tensors(lanes)
      const f = functionOf(application)
      const rowOf = (x: Tensor, r: number): Tensor => at(x, side === 'first' ? 0 : rankOf(x) - 1, r)
      const [whole] = vectorizeOver((...zs) => [f(...zs)], xs, mapped, rows, side) as [Tensor]
      return identical(
        numbersOfAll(range(rows).map(r => rowOf(whole, r))),
        numbersOfAll(range(rows).map(r => f(...xs.map((x, i) => (mapped[i] ? rowOf(x, r) : x)))))
      )
    }
  )
]
