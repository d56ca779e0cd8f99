/** A complex number. */
export type Complex = readonly [re: number, im: number]

/** Sum. */
export const plus = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]]

/** Product. */
export const product = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]

/** Sine. */
export const sine = ([a, b]: Complex): Complex => [Math.sin(a) * Math.cosh(b), Math.cos(a) * Math.sinh(b)]

/** A real multiple. */
export const scaledBy = (s: number, [a, b]: Complex): Complex => [s * a, s * b]

/** A real matrix times a complex vector. */
export const through = (m: readonly (readonly number[])[], y: readonly Complex[]): readonly Complex[] =>
  m.map(row => row.reduce<Complex>((total, entry, j) => plus(total, scaledBy(entry, y[j] as Complex)), [0, 0]))
