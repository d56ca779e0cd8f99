import { either as E } from 'fp-ts'
import { defect } from '../../prelude/defect.js'
import { type Body, close, open } from '../body.js'
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
  vectorize: ({ parameters: { body, states, limit } }, { inputs, mapped, size, side, all, insert, vectorize }) => {
    const count = states.length
    const every = all()
    const freeMapped = mapped.slice(count + 1)
    const batched = states.map(shape => insert(shape, size))
    const some = (going: Tensor): Tensor => (size === 0 ? constantOf(0) : max(going))
    const row = (going: Tensor, like: Tensor): Tensor =>
      broadcast(going, like.shape, [side === 'first' ? 0 : rankOf(like) - 1])
    const loop = close(
      [...body.bound.map(v => (v.parameters as { readonly name: string }).name), 'going'],
      [...batched, [size]],
      (...bound) => {
        const old = bound.slice(0, count)
        const going = bound[count] as Tensor
        const results = vectorize(
          (...xs) => open(body, xs.slice(0, count), xs.slice(count)),
          [...old, ...inputs.slice(count + 1)],
          [...old.map(() => true), ...freeMapped],
          size,
          side
        )
        const next = select(going, results[count] as Tensor, 0)
        return [...old.map((x, i) => select(row(going, x), results[i] as Tensor, x)), next, some(next)]
      }
    )
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
  vectorize: ({ parameters: { index, shape } }, { inputs: [loop], size, insert }) =>
    apply(componentPrimitive, { index, shape: insert(shape, size) }, loop as Tensor)
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
