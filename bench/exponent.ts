const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length

/** The exponent of a power law through points, all above 0, by least squares of their logarithms. */
export const exponent = (xs: readonly number[], ys: readonly number[]): number => {
  const [a, b] = [xs.map(Math.log), ys.map(Math.log)]
  const [ma, mb] = [mean(a), mean(b)]
  return a.reduce((s, x, i) => s + (x - ma) * ((b[i] as number) - mb), 0) / a.reduce((s, x) => s + (x - ma) ** 2, 0)
}
