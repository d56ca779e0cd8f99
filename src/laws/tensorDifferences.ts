import fc from 'fast-check'
import ndarray from 'ndarray'
import { rowMajor } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { reference } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { add } from '../tensor/primitives/add.js'
import { input } from '../tensor/primitives/input.js'
import { mul } from '../tensor/primitives/mul.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Measured } from './agreement.js'

/** Halvings of the step; the extrapolated difference is of order 2 (levels + 1). */
const levels = 4

/**
 * The derivative along a direction at several points of a line, by central differences and Richardson extrapolation, with
 * a bound: the rounding error of every difference (from the running error) and four times the last change of the
 * extrapolation, because near a kink it is the sum of several errors.
 * Numbers whose bound exceeds 1e-5 of them decide nothing; if there are no others, it is no case.
 */
export const differences = (
  f: (xs: readonly Tensor[]) => readonly Tensor[],
  xs: readonly Tensor[],
  directions: readonly Tensor[],
  step = 2 ** -5
): readonly Measured[] => {
  const t = input('t', [])
  const outputs = f(xs.map((x, i) => add(x, mul(t, directions[i] as Tensor))))
  const run = program([t], [...outputs, ...roundingErrors(reference)(outputs)])
  const at = (value: number): readonly Float64Array[] =>
    run([ndarray(Float64Array.of(value), [])]).map(values => Float64Array.from(rowMajor(values)))
  const rows = Array.from({ length: levels }, (_, i) => {
    const h = step / 2 ** i
    return { h, ahead: at(h), behind: at(-h) }
  })
  let useful = 0
  let entries = 0
  const measured = outputs.map((_, k): Measured => {
    const count = rows[0]?.ahead[k]?.length ?? 0
    const values = new Float64Array(count)
    const bounds = new Float64Array(count)
    for (let j = 0; j < count; j++) {
      const table = rows.map(({ h, ahead, behind }) => {
        const difference = ((ahead[k]?.[j] as number) - (behind[k]?.[j] as number)) / (2 * h)
        const noise = (ahead[outputs.length + k]?.[j] as number) + (behind[outputs.length + k]?.[j] as number)
        return { value: difference, noise: noise / (2 * h) + 2 ** -51 * Math.abs(difference) }
      })
      const { value, bound } = extrapolated(table)
      values[j] = value
      bounds[j] = bound <= 1e-5 * (1 + Math.abs(value)) ? bound : Infinity
      entries++
      if ((bounds[j] as number) < Infinity) useful++
    }
    return { values, bounds }
  })
  fc.pre(entries === 0 || useful > 0)
  return measured
}

interface Noisy {
  readonly value: number
  readonly noise: number
}

/** Neville's scheme in h^2: the last entry, and what it may be off by. */
const extrapolated = (first: readonly Noisy[]): { readonly value: number; readonly bound: number } => {
  let column = first
  let change = Infinity
  for (let order = 1; column.length > 1; order++) {
    const weight = 4 ** order
    const next = column.slice(1).map((finer, i) => {
      const coarser = column[i] as Noisy
      return {
        value: (weight * finer.value - coarser.value) / (weight - 1),
        noise: (weight * finer.noise + coarser.noise) / (weight - 1)
      }
    })
    const recent = [...column, ...next].map(({ value }) => value)
    change = Math.max(...recent) - Math.min(...recent)
    column = next
  }
  const [{ value, noise }] = column as readonly [Noisy]
  return { value, bound: noise + 4 * change + 2 ** -50 * Math.abs(value) }
}
