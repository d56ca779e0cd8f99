import { dependents, substitute } from './graph.js'
import { fillOf } from './primitives/constant.js'
import { input } from './primitives/input.js'
import type { Shape } from './shape.js'
import type { Tensor } from './tensor.js'

/** A closed function: results made of nothing but its bound variables, its free ones and constants. */
export interface Body {
  /** The variables that the binder gives values to. */
  readonly bound: readonly Tensor[]
  /** Stand-ins for what the function uses from outside; the node's inputs give their values, in this order. */
  readonly free: readonly Tensor[]
  readonly results: readonly Tensor[]
}

/**
 * Closes a function over what it captures. What does not depend on its variables becomes a free variable, so it is
 * computed once, outside; constant scalars stay inside.
 * @returns the body and the tensors captured, in the order of `free`
 */
export const close = (
  names: readonly string[],
  shapes: readonly Shape[],
  f: (...bound: readonly Tensor[]) => readonly Tensor[]
): { readonly body: Body; readonly captured: readonly Tensor[] } => {
  const bound = shapes.map((shape, i) => input(names[i] ?? `v${i}`, shape))
  const open = f(...bound)
  const inside = dependents(open, bound)
  const outside = new Set<Tensor>()
  const note = (x: Tensor): void => {
    if (!inside.has(x) && fillOf(x) === undefined) outside.add(x)
  }
  for (const tensor of inside) tensor.inputs.forEach(note)
  open.forEach(note)
  const captured = [...outside]
  const free = captured.map((x, i) => input(`c${i}`, x.shape))
  const results = substitute(open, new Map(captured.map((x, i) => [x, free[i] as Tensor])))
  return { body: Object.freeze({ bound, free, results }), captured }
}

/** The body as a function: its results with variables replaced. */
export const open = (body: Body, bound: readonly Tensor[], free: readonly Tensor[]): readonly Tensor[] =>
  substitute(
    body.results,
    new Map([
      ...body.bound.map((v, i) => [v, bound[i] as Tensor] as const),
      ...body.free.map((v, i) => [v, free[i] as Tensor] as const)
    ])
  )
