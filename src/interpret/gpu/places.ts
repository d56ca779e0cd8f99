import { broadcastPrimitive } from '../../tensor/primitives/broadcast.js'
import { permutePrimitive } from '../../tensor/primitives/permute.js'
import { slicePrimitive } from '../../tensor/primitives/slice.js'
import { type Shape, sizeOf } from '../../tensor/shape.js'
import { isA, type Tensor } from '../../tensor/tensor.js'

/** Where an entry is: its place in row-major order, and its place along every axis, as texts. */
export interface Index {
  readonly flat: () => string
  readonly along: () => readonly string[]
}

/** Lines of a kernel under way, with what they have named already. */
export interface Scope {
  readonly lines: string[]
  readonly name: (text: string) => string
  readonly known: (key: string) => string | undefined
  readonly note: (key: string, name: string) => void
}

const once = <A>(f: () => A): (() => A) => {
  let value: { readonly of: A } | undefined
  return () => {
    value ??= { of: f() }
    return value.of
  }
}

const strides = (shape: Shape): readonly number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))

/**
 * An index by its place in row-major order. Quotients are rounded down after half is added, so that no rounding of
 * the division matters for indices below 2^21.
 */
export const indexOfFlat = (scope: Scope, shape: Shape, flat: string): Index => ({
  flat: () => flat,
  along: once(() => {
    let rest = flat
    return shape.map((size, axis) => {
      const stride = strides(shape)[axis] as number
      if (size === 1) return '0.0'
      if (shape.slice(axis + 1).every(n => n === 1)) return rest
      const quotient = scope.name(`Math.floor((${rest} + 0.5) / ${stride}.0)`)
      rest = scope.name(`${rest} - ${quotient} * ${stride}.0`)
      return quotient
    })
  })
})

/** An index by its place along every axis. */
export const indexAlong = (scope: Scope, shape: Shape, along: readonly string[]): Index => ({
  flat: once(() => {
    const terms = along.flatMap((place, axis) => {
      const stride = strides(shape)[axis] as number
      if (shape[axis] === 1) return []
      return [stride === 1 ? place : `${place} * ${stride}.0`]
    })
    return terms.length === 0 ? '0.0' : scope.name(terms.join(' + '))
  }),
  along: () => along
})

/** Where the entry of an input is that an entry of a change of indices is. */
export const through = (node: Tensor, at: Index, scope: Scope): Index => {
  const shape = (node.inputs[0] as Tensor).shape
  if (isA(broadcastPrimitive, node)) {
    const places = at.along()
    return indexAlong(
      scope,
      shape,
      node.parameters.axes.map(axis => places[axis] as string)
    )
  }
  if (isA(permutePrimitive, node)) {
    const places = at.along()
    const { axes } = node.parameters
    return indexAlong(
      scope,
      shape,
      shape.map((_, axis) => places[axes.indexOf(axis)] as string)
    )
  }
  if (isA(slicePrimitive, node)) {
    const { start } = node.parameters
    const places = at.along().map((place, axis) => (start[axis] === 0 ? place : `(${place} + ${start[axis]}.0)`))
    return indexAlong(scope, shape, places)
  }
  return indexOfFlat(scope, shape, at.flat())
}
