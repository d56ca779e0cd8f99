/** Derivatives of plain functions by differences, with an estimate of their error: no step to tune. */

/** A number, and how far it may be off. */
export interface Estimate {
  readonly value: number
  readonly error: number
}

/** Steps, each a quarter of the one before. */
const levels = 6

/**
 * Neville's scheme in h^2 on central differences: the entry whose neighbours agree best. Its error is taken as four
 * times what the last extrapolation changed, and the noise of the differences as it is amplified.
 */
const extrapolated = (differences: readonly Estimate[]): Estimate => {
  let column = differences
  let best: Estimate = { value: Number.NaN, error: Infinity }
  for (let order = 1; column.length > 1; order++) {
    const weight = 16 ** order
    const before = column
    column = before.slice(1).map((finer, i) => {
      const coarser = before[i] as Estimate
      const value = (weight * finer.value - coarser.value) / (weight - 1)
      const noise = (weight * finer.error + coarser.error) / (weight - 1)
      const change = Math.max(Math.abs(value - finer.value), Math.abs(value - coarser.value))
      if (4 * change + noise < best.error) best = { value, error: 4 * change + noise }
      return { value, error: noise }
    })
  }
  return best
}

/**
 * What a kink at the point itself adds to the error: there, second differences divided by the step do not shrink with it,
 * and central differences agree on a slope between the two.
 */
const kinkError = (bends: readonly Estimate[]): number => {
  const [last, before] = [bends.at(-1) as Estimate, bends.at(-2) as Estimate]
  const bend = Math.abs(last.value)
  return bend > 8 * last.error && bend > 0.5 * Math.abs(before.value) ? bend : 0
}

/** Rows and columns of numbers with their errors. */
export type EstimatedMatrix = readonly (readonly Estimate[])[]

/**
 * The Jacobian of a function of numbers, entry [i][j] the derivative of its i-th value along coordinate j.
 * @param noise how far a value of f may be from the exact one
 */
export const jacobianByDifferences = async (
  f: (x: readonly number[]) => ArrayLike<number> | Promise<ArrayLike<number>>,
  x: readonly number[],
  noise: number
): Promise<EstimatedMatrix> => {
  const columns: Estimate[][] = []
  const centre = Array.from(await f(x))
  for (const [j, xj] of x.entries()) {
    const rows: Estimate[][] = []
    const bends: Estimate[][] = []
    for (let level = 0; level < levels; level++) {
      const h = 2 ** (Math.floor(Math.log2(1 + Math.abs(xj))) - 3 - 2 * level)
      const at = (t: number): readonly number[] => x.map((xi, i) => (i === j ? xi + t : xi))
      const [ahead, behind] = [Array.from(await f(at(h))), Array.from(await f(at(-h)))]
      const width = xj + h - (xj - h)
      ahead.forEach((a, i) => {
        const [b, c] = [behind[i] as number, centre[i] as number]
        const error = (2 * noise + (Math.abs(a) + Math.abs(b)) * 2 ** -52) / width
        rows[i] = [...(rows[i] ?? []), { value: (a - b) / width, error }]
        bends[i] = [...(bends[i] ?? []), { value: (a - 2 * c + b) / h, error: 4 * error }]
      })
    }
    columns.push(
      rows.map((row, i) => {
        const { value, error } = extrapolated(row)
        return { value, error: error + kinkError(bends[i] as Estimate[]) }
      })
    )
  }
  const height = columns[0]?.length ?? 0
  return Array.from({ length: height }, (_, i) => columns.map(column => column[i] as Estimate))
}

/** The values of an estimated matrix, and a bound of the Frobenius norm of its error. */
export const splitMatrix = (
  m: EstimatedMatrix
): { readonly values: readonly (readonly number[])[]; readonly error: number } => ({
  values: m.map(row => row.map(({ value }) => value)),
  error: Math.hypot(...m.flat().map(({ error }) => error))
})
