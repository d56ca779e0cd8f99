import { describe } from 'vitest'
import { boundsOf } from '../../src/interpret/runningError/runningError.js'
import { type Composition, composed, compositions } from '../../src/laws/compositions.js'
import { cotangents, inner, tangent } from '../../src/laws/contractions.js'
import { samples, tensorOf } from '../../src/laws/samples.js'
import { differences } from '../../src/laws/tensorDifferences.js'
import { grad, hessian, jacobian } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { constantOf } from '../../src/tensor/primitives/constant.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { permute } from '../../src/tensor/primitives/permute.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { stopGradient } from '../../src/tensor/primitives/stopGradient.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { range, sizeOf } from '../../src/tensor/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { agree, identical, numbersOfAll, withinBounds } from '../support/agreement.js'
import { law } from '../support/law.js'

/** The value of a composition, weighted and summed. */
const weighted =
  (composition: Composition) =>
  (xs: readonly Tensor[]): Tensor => {
    const y = composed(composition)(xs)
    const weights = range(sizeOf(y.shape)).map(i => Math.cos(2 * i + 1))
    return sum(mul(y, fromArray(weights, y.shape)))
  }

const pointOf = (composition: Composition): readonly Tensor[] => composition.arguments.map(tensorOf)

/** Directions that are the same for equal shapes: enough, since compositions are random. */
const directionsAt = (xs: readonly Tensor[], phase: number): readonly Tensor[] =>
  xs.map((x, k) =>
    fromArray(
      range(sizeOf(x.shape)).map(i => Math.sin(phase + 3 * i + 7 * k)),
      x.shape
    )
  )

const smooth = compositions()
const all = compositions({ smoothly: false })

describe('derivatives of random compositions', () => {
  law('tangents are what differences of values tend to', [smooth], composition => {
    const [f, xs] = [composed(composition), pointOf(composition)]
    const directions = directionsAt(xs, 1)
    const y = tangent(f, xs, directions)
    const [[values], [bounds]] = [numbersOfAll([y]), boundsOf()([y])] as [Float64Array[], Float64Array[]]
    return withinBounds(
      [{ values: values as Float64Array, bounds: bounds as Float64Array }],
      differences(zs => [f(zs)], xs, directions)
    )
  })

  law('<J v, u> = <v, J* u>', [all], composition => {
    const [f, xs] = [composed(composition), pointOf(composition)]
    const [v, y] = [directionsAt(xs, 1), composed(composition)(xs)]
    const u = directionsAt([y], 2)
    return agree([inner([tangent(f, xs, v)], u)], [inner(v, cotangents(f, xs, u[0] as Tensor))])
  })

  law('the chain rule: (g o f)* = f* o g*, and forwards', [smooth, smooth], (outer, first) => {
    const xs = pointOf(first)
    const f = composed(first)
    const rest = pointOf(outer).slice(1)
    const g = (y: Tensor): Tensor => composed(outer)([y, ...rest])
    const [v, y] = [directionsAt(xs, 3), f(xs)]
    const whole = tangent(zs => g(f(zs)), xs, v)
    const parts = tangent(([z]) => g(z as Tensor), [y], [tangent(f, xs, v)])
    const u = directionsAt([whole], 4)[0] as Tensor
    const back = cotangents(zs => g(f(zs)), xs, u)
    const backInParts = cotangents(f, xs, cotangents(([z]) => g(z as Tensor), [y], u)[0] as Tensor)
    return agree([whole, ...back], [parts, ...backInParts])
  })

  law('the product rule of Leibniz', [smooth, smooth], (one, other) => {
    const xs = pointOf(one)
    const second: Composition = { ...other, arguments: one.arguments }
    const [f, g] = [weighted(one), weighted(second)]
    const v = directionsAt(xs, 5)
    const product = tangent(zs => mul(f(zs), g(zs)), xs, v)
    return agree([product], [add(mul(tangent(f, xs, v), g(xs)), mul(f(xs), tangent(g, xs, v)))])
  })

  law(
    'second derivatives: tangents of gradients are what differences of gradients tend to',
    [compositions({ steps: 4 })],
    composition => {
      const [f, xs] = [weighted(composition), pointOf(composition)]
      const v = directionsAt(xs, 6)
      const gradient = (zs: readonly Tensor[]): readonly Tensor[] => cotangents(f, zs, constantOf(1))
      const moved = xs.map((_, i) => tangent(zs => gradient(zs)[i] as Tensor, xs, v))
      const [values, bounds] = [numbersOfAll(moved), boundsOf()(moved)]
      return withinBounds(
        values.map((numbers, i) => ({ values: numbers, bounds: bounds[i] as Float64Array })),
        differences(gradient, xs, v)
      )
    }
  )

  law('<w, H v> = <v, H w>', [smooth], composition => {
    const [f, xs] = [weighted(composition), pointOf(composition)]
    const [v, w] = [directionsAt(xs, 7), directionsAt(xs, 8)]
    const times = (direction: readonly Tensor[]): readonly Tensor[] =>
      xs.map((_, i) => tangent(zs => cotangents(f, zs, constantOf(1))[i] as Tensor, xs, direction))
    return agree([inner(w, times(v))], [inner(v, times(w))])
  })

  law(
    'forward over reverse, reverse over forward and reverse over reverse agree',
    [compositions({ steps: 5 })],
    composition => {
      const [x, ...rest] = pointOf(composition) as readonly [Tensor, ...Tensor[]]
      const f = (z: Tensor): Tensor => weighted(composition)([z, ...rest])
      const v = directionsAt([x], 9)[0] as Tensor
      const along = (z: Tensor): Tensor => tangent(([y]) => f(y as Tensor), [z], [v])
      const slope = (z: Tensor): Tensor => sum(mul(grad(f)(z), v))
      const forwardOverReverse = tangent(([z]) => grad(f)(z as Tensor), [x], [v])
      return agree([forwardOverReverse, forwardOverReverse], [grad(along)(x), grad(slope)(x)])
    }
  )

  law('the Hessian is its own transpose', [compositions({ steps: 4, variables: 1 })], composition => {
    const x = mul(1, pointOf(composition)[0] as Tensor)
    const f = (z: Tensor): Tensor => weighted(composition)([z])
    const h = hessian(f)(x)
    const rank = x.shape.length
    return agree([h], [permute(h, [...range(rank).map(i => i + rank), ...range(rank)])])
  })

  law('what is captured counts as constant, and has derivative 0', [all], composition => {
    const [x, ...rest] = pointOf(composition) as readonly [Tensor, ...Tensor[]]
    const constant = weighted(composition)([x, ...rest])
    const zero = range(sizeOf(x.shape)).map(() => 0)
    return identical(
      numbersOfAll([
        grad((_: Tensor) => constant)(x),
        grad((z: Tensor) => stopGradient(weighted(composition)([z, ...rest])))(x)
      ]),
      [zero, zero]
    )
  })

  law('perturbations are not confused: d/dx (x d/dy (x y)) = 2 x', [samples([], 'real')], sample => {
    const x = tensorOf(sample)
    const outer = grad((z: Tensor) => mul(z, grad((y: Tensor) => mul(z, y))(scalar(1))))(x)
    return identical(numbersOfAll([outer]), numbersOfAll([mul(2, x)]))
  })

  law('a derivative taken inside a function is a function: d/dx (d/dx sin)(x^2)', [samples([], 'real')], sample => {
    const x = tensorOf(sample)
    const f = (z: Tensor): Tensor => grad((y: Tensor) => sin(y))(mul(z, z))
    return agree([grad(f)(x)], [mul(mul(-2, x), sin(mul(x, x)))])
  })
})

describe('vectorize', () => {
  const rowsOf = (x: Tensor, count: number): Tensor =>
    fromArray(
      range(count * sizeOf(x.shape)).map(i => Math.sin(i + 1)),
      [count, ...x.shape]
    )

  law('the Jacobian of each row is the row of vectorized Jacobians', [smooth], composition => {
    const [x, ...rest] = pointOf(composition) as readonly [Tensor, ...Tensor[]]
    const f = (z: Tensor): Tensor => composed(composition)([z, ...rest])
    const many = rowsOf(x, 2)
    const each = (z: Tensor): Tensor => jacobian(f)(z)
    const gradients = grad((zs: Tensor) => sum(vectorize(z => weighted(composition)([z, ...rest]))(zs)))(many)
    return agree(
      [vectorize(each)(many), gradients],
      [
        vectorize(z => jacobian(f, { mode: 'reverse' })(z))(many),
        vectorize(grad((z: Tensor) => weighted(composition)([z, ...rest])))(many)
      ]
    )
  })

  law('nested, the order of the two axes does not matter', [all], composition => {
    const [x, ...rest] = pointOf(composition) as readonly [Tensor, ...Tensor[]]
    const f = (z: Tensor): Tensor => composed(composition)([z, ...rest])
    const grid = rowsOf(rowsOf(x, 2), 3)
    const swap = (t: Tensor): Tensor => permute(t, [1, 0, ...range(t.shape.length - 2).map(i => i + 2)])
    const nested = vectorize(vectorize(f))
    return agree([nested(grid)], [swap(nested(swap(grid)))])
  })

  law('rows along the last axis are rows along the first', [all], composition => {
    const [x, ...rest] = pointOf(composition) as readonly [Tensor, ...Tensor[]]
    const f = (z: Tensor): Tensor => composed(composition)([z, ...rest])
    const many = rowsOf(x, 3)
    const toLast = (t: Tensor): Tensor => permute(t, [...range(t.shape.length - 1).map(i => i + 1), 0])
    return agree([toLast(vectorize(f)(many))], [vectorize(f, { side: 'last' })(toLast(many))])
  })
})
