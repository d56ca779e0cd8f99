import { describe, expect, it } from 'vitest'
import { type Composition, composed, compositions } from '../../src/laws/compositions.js'
import { cotangents } from '../../src/laws/contractions.js'
import { tensorOf } from '../../src/laws/samples.js'
import { simplify } from '../../src/rewrite/simplify.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { dependents, topological } from '../../src/tensor/graph.js'
import { add } from '../../src/tensor/primitives/add.js'
import { constantOf, fillOf, numbersOf } from '../../src/tensor/primitives/constant.js'
import { input } from '../../src/tensor/primitives/input.js'
import { iterate, iteratePrimitive } from '../../src/tensor/primitives/iterate.js'
import { less } from '../../src/tensor/primitives/less.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { tanh } from '../../src/tensor/primitives/tanh.js'
import { sizeOf } from '../../src/tensor/shape.js'
import { isA, type Tensor } from '../../src/tensor/tensor.js'
import { agree, identical, numbersOfAll } from '../support/agreement.js'
import { law } from '../support/law.js'

const all = compositions({ smoothly: false })

/** Value and gradient: expressions as programs meet them. */
const withGradient = (composition: Composition): readonly Tensor[] => {
  const xs = composition.arguments.map(tensorOf)
  const y = composed(composition)(xs)
  return [y, ...cotangents(composed(composition), xs, constantOf(1, y.shape))]
}

/** Tensors to compute: all but constants and numbers repeated. */
const operations = (outputs: readonly Tensor[]): number =>
  topological(outputs).filter(x => fillOf(x) === undefined && numbersOf(x) === undefined).length

/** Sums of two products, which become one: an operation more, if a product is also used elsewhere. */
const joined = (outputs: readonly Tensor[]): number => {
  const isProduct = (x: Tensor): boolean => x.primitive.name === 'matmul'
  return topological(outputs).filter(x => x.inputs.length === 2 && x.inputs.every(isProduct)).length
}

const nodes = (outputs: readonly Tensor[]): number => topological(outputs).length

/** Every variable in the outputs that no binder around it binds. */
const unbound = (outputs: readonly Tensor[], bound: ReadonlySet<Tensor>): readonly Tensor[] =>
  topological(outputs).flatMap(x => {
    if (x.primitive.name === 'input') return bound.has(x) ? [] : [x]
    if (!isA(iteratePrimitive, x)) return []
    const { body } = x.parameters
    return unbound(body.results, new Set([...body.bound, ...body.free]))
  })

/** Loops have no running error; these contract, and their numbers are of order 1. */
const close = (a: ArrayLike<number> = [], b: ArrayLike<number> = []): boolean =>
  Array.from(a).every((x, i) => Math.abs(x - (b[i] as number)) < 1e-9 || Number.isNaN(x))

/** A loop whose step uses a value that changes, one that does not, and an inner loop that captures both. */
const nestedLoops = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => {
  const [result] = iterate({
    start: [x, scalar(0)],
    limit: 3,
    going: (_, n) => less(n as Tensor, 3),
    step: (z, n) => {
      const [inside] = iterate({
        start: [z as Tensor, scalar(0)],
        limit: 2,
        going: (_, m) => less(m as Tensor, 2),
        step: (w, m) => [sin(add(mul(w as Tensor, tanh(f(x))), mul(0.1, tanh(z as Tensor)))), add(m as Tensor, 1)]
      })
      return [add(inside as Tensor, tanh(f(x))), add(n as Tensor, 1)]
    }
  })
  return result as Tensor
}

describe('simplify', () => {
  law('keeps values, within rounding', [all], composition => {
    const outputs = withGradient(composition)
    return agree(outputs, simplify(outputs))
  })

  law(
    'makes more operations only where a product it joins is used elsewhere; does nothing the second time',
    [all],
    composition => {
      const outputs = withGradient(composition)
      const once = simplify(outputs)
      return operations(once) <= operations(outputs) + joined(outputs) && nodes(simplify(once)) === nodes(once)
    }
  )

  law('shares equal expressions that were built twice', [all], composition => {
    const built = () => composed(composition)(composition.arguments.map(tensorOf))
    const xs = composition.arguments.map(tensorOf)
    const [a, b] = simplify([composed(composition)(xs), composed(composition)(xs)])
    expect(simplify([built()])[0]?.shape).toEqual(a?.shape)
    return a === b
  })

  law('keeps the numbers of loops, and no variable leaves its loop', [compositions({ variables: 1 })], composition => {
    const x = tensorOf(composition.arguments[0] as Composition['arguments'][number])
    const outputs = [nestedLoops(z => add(z, sum(composed(composition)([z]))), x)]
    const once = simplify(outputs)
    return (
      unbound(once, new Set()).length === 0 &&
      close(numbersOfAll(once)[0], numbersOfAll(outputs)[0]) &&
      nodes(simplify(once)) === nodes(once)
    )
  })

  it('computes outside a loop what does not change inside, also from two loops deep', () => {
    const x = input('x', [])
    const [before] = [nestedLoops(z => sin(z), x)]
    const [after] = simplify([before])
    const loops = topological([after as Tensor]).filter(t => isA(iteratePrimitive, t))
    const outer = loops[0] as Tensor
    const inside = isA(iteratePrimitive, outer) ? topological(outer.parameters.body.results) : []
    const named = (list: readonly Tensor[], name: string): number => list.filter(t => t.primitive.name === name).length
    expect(named(topological([after as Tensor]), 'tanh')).toBe(1)
    expect(named(inside, 'tanh')).toBe(1)
    const inner = inside.find(t => isA(iteratePrimitive, t)) as Tensor
    const innermost = isA(iteratePrimitive, inner) ? topological(inner.parameters.body.results) : []
    expect(named(innermost, 'tanh')).toBe(0)
    expect(named(innermost, 'sin')).toBe(1)
  })

  it('keeps what depends on a variable of the loop inside it', () => {
    const x = input('x', [2])
    const [result] = iterate({ start: [x], limit: 2, going: () => scalar(1), step: z => [sin(sin(z as Tensor))] })
    const [after] = simplify([result as Tensor])
    const outside = topological([after as Tensor])
    expect(outside.some(t => t.primitive.name === 'sin')).toBe(false)
    const loop = outside.find(t => isA(iteratePrimitive, t)) as Tensor
    const body = isA(iteratePrimitive, loop) ? loop.parameters.body : undefined
    expect(dependents(body?.results ?? [], body?.bound ?? []).size).toBeGreaterThan(2)
  })

  it('keeps signed zeros, and constants of the same numbers but other signs of zero, apart', () => {
    const [a, b] = simplify([scalar(0), scalar(-0)])
    expect(identical(numbersOfAll([a as Tensor, b as Tensor]), [[0], [-0]])).toBe(true)
    const x = fromArray([-0, 1])
    expect(agree(simplify([mul(1, x), add(x, 0)]), [x, x])).toBe(true)
  })

  law('keeps vectorized values, within rounding', [all], composition => {
    const [x, ...rest] = composition.arguments.map(tensorOf) as unknown as readonly [Tensor, ...Tensor[]]
    const many = fromArray(
      Array.from({ length: 3 * sizeOf(x.shape) }, (_, i) => Math.cos(i)),
      [3, ...x.shape]
    )
    const outputs = [vectorize(z => composed(composition)([z, ...rest]))(many)]
    return agree(outputs, simplify(outputs))
  })
})
