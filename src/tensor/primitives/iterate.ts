import { either as E } from 'fp-ts'
import { defect } from '../../prelude/defect.js'
import { type Body, close, open } from '../body.js'
import { dependents } from '../graph.js'
import { type Shape, sameShape, showShape } from '../shape.js'
import { apply, type Primitive, rankOf, type Tensor } from '../tensor.js'
import { broadcast } from './broadcast.js'
import { constantOf } from './constant.js'
import { max } from './max.js'
import { select } from './select.js'

/** The body's results are the next state and, last, a scalar that is positive while the iteration goes on. */
export interface Loop {
  readonly body: Body
  readonly states: readonly Shape[]
  readonly limit: number
}

/**
 * Which states differ from row to row, where some inputs do: those that start so, or are computed from what does. Null if
 * that says how long the iteration goes on, so that every row has an end of its own.
 */
const varyingStates = (body: Body, mapped: readonly boolean[]): readonly boolean[] | null => {
  const count = body.bound.length
  if (mapped[count] === true) return null
  const rowsOwn = body.free.filter((_, i) => mapped[count + 1 + i])
  const spread = (varying: readonly boolean[]): readonly boolean[] | null => {
    const touched = dependents(body.results, [...body.bound.filter((_, i) => varying[i]), ...rowsOwn])
    if (touched.has(body.results[count] as Tensor)) return null
    const next = varying.map((was, i) => was || touched.has(body.results[i] as Tensor))
    return next.every((now, i) => now === varying[i]) ? varying : spread(next)
  }
  return spread(mapped.slice(0, count))
}

const noDerivative = (): never => defect('an iteration has no derivative: state the problem that it solves as a root')

/** Inputs: the initial states, 1 if the first step is to be taken, the captured tensors. Results: its components. */
export const iteratePrimitive: Primitive<Loop> = {
  name: 'iterate',
  domain: [],
  shape: ({ body, states }, inputs) => {
    const results = body.results.map(result => result.shape)
    return states.every((s, i) => sameShape(s, inputs[i] ?? [-1]) && sameShape(s, results[i] ?? [-1])) &&
      inputs.length === states.length + 1 + body.free.length
      ? E.right([])
      : E.left(`a step must map states ${states.map(showShape).join(', ')} to states of the same shapes`)
  },
  jvp: (_, tangents) => (tangents.every(dx => dx === undefined) ? [] : noDerivative()),
  transpose: noDerivative,
  vectorize: ({ parameters: { body, states, limit } }, row) => {
    const { inputs, mapped, size, side, all, insert, vectorize } = row
    const count = states.length
    const free = inputs.slice(count + 1)
    const freeMapped = mapped.slice(count + 1)
    const varying = varyingStates(body, mapped)
    const names = body.bound.map(v => (v.parameters as { readonly name: string }).name)
    const along = (results: readonly Tensor[], old: readonly Tensor[], alike: readonly boolean[]): readonly Tensor[] =>
      vectorize(
        (...xs) => open({ ...body, results }, xs.slice(0, count), xs.slice(count)),
        [...old, ...free],
        [...alike, ...freeMapped],
        size,
        side
      )
    const every = all()
    if (varying !== null) {
      const shapes = states.map((shape, i) => (varying[i] === true ? insert(shape, size) : shape))
      const loop = close(names, shapes, (...old) => {
        const moving = along(
          body.results.slice(0, count).filter((_, i) => varying[i]),
          old,
          varying
        )
        const still = open({ ...body, results: body.results.filter((_, i) => varying[i] !== true) }, old, free)
        const places = body.results.map((_, i) => varying.slice(0, i).filter(v => v).length)
        return body.results.map((_, i) => {
          const place = places[i] as number
          return (varying[i] === true ? moving[place] : still[i - place]) as Tensor
        })
      })
      const start = states.map((_, i) => (varying[i] === true ? every[i] : inputs[i]) as Tensor)
      return apply(
        iteratePrimitive,
        { body: loop.body, states: shapes, limit },
        ...start,
        inputs[count] as Tensor,
        ...loop.captured
      )
    }
    const batched = states.map(shape => insert(shape, size))
    const some = (going: Tensor): Tensor => (size === 0 ? constantOf(0) : max(going))
    const rowOf = (going: Tensor, like: Tensor): Tensor =>
      broadcast(going, like.shape, [side === 'first' ? 0 : rankOf(like) - 1])
    const loop = close([...names, 'going'], [...batched, [size]], (...bound) => {
      const old = bound.slice(0, count)
      const going = bound[count] as Tensor
      const results = along(
        body.results,
        old,
        old.map(() => true)
      )
      const next = select(going, results[count] as Tensor, 0)
      return [...old.map((x, i) => select(rowOf(going, x), results[i] as Tensor, x)), next, some(next)]
    })
    const first = every[count] as Tensor
    return apply(
      iteratePrimitive,
      { body: loop.body, states: [...batched, [size]], limit },
      ...every.slice(0, count),
      first,
      some(first),
      ...loop.captured
    )
  }
}

export const componentPrimitive: Primitive<{ readonly index: number; readonly shape: Shape }> = {
  name: 'component',
  domain: [],
  shape: ({ shape }) => E.right(shape),
  jvp: (_, tangents) => (tangents.every(dx => dx === undefined) ? [] : noDerivative()),
  transpose: noDerivative,
  vectorize: ({ parameters: { index, shape } }, { inputs: [loop], size, side, insert }) => {
    const vectorized = loop as Tensor<Loop>
    const own = vectorized.parameters.states[index] as Shape
    const component = apply(componentPrimitive, { index, shape: own }, vectorized)
    const rank = shape.length
    const axes = shape.map((_, axis) => (side === 'first' ? axis + 1 : axis))
    return own.length > rank ? component : broadcast(component, insert(shape, size), axes)
  }
}

/** What an iteration is made of, for one sample. */
export interface Iteration {
  readonly names?: readonly string[]
  readonly start: readonly Tensor[]
  readonly step: (...states: readonly Tensor[]) => readonly Tensor[]
  /** A scalar, positive while the iteration is to go on; asked before every step. */
  readonly going: (...states: readonly Tensor[]) => Tensor
  /** Largest number of steps. */
  readonly limit: number
}

/**
 * Repeats a step while `going` is positive, at most `limit` times, and returns the last states. Vectorized, every row
 * stops by itself and is frozen from then on. It has no derivative.
 * @throws TypeError if a step changes a shape
 * @example iterate({ start: [scalar(1)], step: x => [mul(2, x)], going: x => less(x, 100), limit: 50 }) // => [128]
 */
export const iterate = ({ names = [], start, step, going, limit }: Iteration): readonly Tensor[] => {
  const states = start.map(x => x.shape)
  const { body, captured } = close(names, states, (...bound) => {
    const next = step(...bound)
    return [...next, going(...next)]
  })
  const loop = apply(iteratePrimitive, { body, states, limit }, ...start, going(...start), ...captured)
  return states.map((shape, index) => apply(componentPrimitive, { index, shape }, loop))
}
