const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length

/** The exponent of a power law through points, all above 0, by least squares of their logarithms. */
export const exponent = (xs: readonly number[], ys: readonly number[]): number => {
  const [a, b] = [xs.map(Math.log), ys.map(Math.log)]
  const [ma, mb] = [mean(a), mean(b)]
  return a.reduce((s, x, i) => s + (x - ma) * ((b[i] as number) - mb), 0) / a.reduce((s, x) => s + (x - ma) ** 2, 0)
}

/** A log-log chart of seconds or milliseconds against something that grows. */
export const logLogChart = (
  points: readonly { readonly x: number; readonly y: number }[],
  { title, x, y }: { readonly title: string; readonly x: string; readonly y: string }
) => ({
  width: 220,
  height: 190,
  title,
  data: { values: points },
  layer: [{ mark: { type: 'line' as const } }, { mark: { type: 'point' as const, filled: true, size: 55 } }],
  encoding: {
    x: { field: 'x', type: 'quantitative' as const, scale: { type: 'log' as const }, title: x },
    y: { field: 'y', type: 'quantitative' as const, scale: { type: 'log' as const }, title: y }
  }
})
