import ndarray from 'ndarray'
import { rowMajor } from '../../src/interpret/reference/arrays.js'
import { program } from '../../src/interpret/reference/evaluate.js'
import type { Sample } from '../../src/laws/samples.js'
import { simplify } from '../../src/rewrite/simplify.js'
import { input } from '../../src/tensor/primitives/input.js'
import type { Shape } from '../../src/tensor/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'

/** A function of w, x and a step t as one program, built once: numbers of w, x and t -> numbers of the results. */
export const programOf = (
  shapes: readonly [Shape, Shape],
  build: (w: Tensor, x: Tensor, t: Tensor) => readonly Tensor[]
) => {
  const inputs = [input('w', shapes[0]), input('x', shapes[1]), input('t', [])] as const
  const run = program(inputs, simplify(build(...inputs)))
  return (w: Sample, x: Sample, t = 0): readonly (readonly number[])[] =>
    run(
      [w, x, { shape: [], values: [t] }].map(({ values, shape }) => ndarray(Float64Array.from(values), [...shape]))
    ).map(result => Array.from(rowMajor(result)))
}

/**
 * Numbers that agree up to a relative and absolute tolerance: for roots, which have no running error.
 * @throws Error with the first that do not
 */
export const near = (tolerance: number, a: readonly number[] = [], b: readonly number[] = []): boolean => {
  a.forEach((x, i) => {
    const y = b[i] as number
    if (!(Math.abs(x - y) <= tolerance * (1 + Math.abs(y)))) throw new Error(`entry ${i}: ${x} against ${y}`)
  })
  return a.length === b.length
}

/** Derivative in t by central differences of three steps, Richardson's order 6: its own error is below 1e-9 here. */
export const slope = (f: (t: number) => readonly number[]): readonly number[] => {
  const steps = [6, 7, 8].map(i => 2 ** -i)
  const rows = steps.map(h => {
    const [ahead, behind] = [f(h), f(-h)]
    return ahead.map((x, j) => (x - (behind[j] as number)) / (2 * h))
  })
  const better = (column: readonly number[], order: number): readonly number[] =>
    column.length === 1
      ? column
      : better(
          column.slice(1).map((finer, i) => finer + (finer - (column[i] as number)) / (4 ** order - 1)),
          order + 1
        )
  return (rows[0] ?? []).map(
    (_, j) =>
      better(
        rows.map(row => row[j] as number),
        1
      )[0] as number
  )
}
