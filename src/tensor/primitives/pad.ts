import { either as E } from 'fp-ts'
import { linear } from '../rules.js'
import { showShape } from '../shape.js'
import { apply, type Tensor } from '../tensor.js'
import { slice } from './slice.js'

/** How many zeros go before and after each axis. */
export interface Margins {
  readonly before: readonly number[]
  readonly after: readonly number[]
}

export const padPrimitive = linear<Margins>({
  name: 'pad',
  shape: ({ before, after }, x) =>
    before.length === x.length && after.length === x.length && [...before, ...after].every(n => n >= 0)
      ? E.right(x.map((n, i) => (before[i] as number) + n + (after[i] as number)))
      : E.left(`margins ${showShape(before)} and ${showShape(after)} do not fit`),
  transpose: ({ before }, ct, x) => slice(ct, before, x),
  vectorize: ({ before, after }, x, { insert }) => pad(x, insert(before, 0), insert(after, 0))
})

/** Zeros around a tensor. The transpose of `slice`. */
export const pad = (x: Tensor, before: readonly number[], after: readonly number[]): Tensor =>
  [...before, ...after].every(n => n === 0) ? x : apply(padPrimitive, { before, after }, x)
