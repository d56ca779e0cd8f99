/**
 * The root of f between low and high, where f changes its sign, to rounding: Newton's steps, bisection where one would leave
 * the bracket or shrinks it too slowly.
 */
export const bracketedRoot = (
  f: (t: number) => number,
  slope: (t: number) => number,
  low: number,
  high: number
): number => {
  const rising = f(high) >= 0
  let a = low
  let b = high
  let t = (a + b) / 2
  let last = b - a
  for (let step = 0; step < 200; step++) {
    const value = f(t)
    if (value >= 0 === rising) b = t
    else a = t
    const newton = t - value / slope(t)
    const inside = newton > a && newton < b && Math.abs(newton - t) < last / 2
    const next = inside ? newton : (a + b) / 2
    last = Math.abs(next - t)
    if (last <= 1e-16 * Math.abs(t)) return next
    t = next
  }
  return t
}
