/** The lengths of a tensor's axes; the empty list is a scalar. */
export type Shape = readonly number[]

/** Number of entries of a tensor of this shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1)

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i])

/** A shape as people write it: `[2 3]`. */
export const showShape = (shape: Shape): string => `[${shape.join(' ')}]`

/** Row-major strides: the last axis varies fastest. */
export const stridesOf = (shape: Shape): readonly number[] => {
  const strides = new Array<number>(shape.length)
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis] as number
  }
  return strides
}

/** The integers from 0 to count - 1. */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

/** The shape that two shapes broadcast to: aligned at the last axis, lengths equal or 1; undefined if there is none. */
export const broadcastShapes = (a: Shape, b: Shape): Shape | undefined => {
  const rank = Math.max(a.length, b.length)
  const shape: number[] = []
  for (let i = 0; i < rank; i++) {
    const m = a[a.length - rank + i] ?? 1
    const n = b[b.length - rank + i] ?? 1
    if (m !== n && m !== 1 && n !== 1) return undefined
    shape.push(m === 1 ? n : m)
  }
  return shape
}
