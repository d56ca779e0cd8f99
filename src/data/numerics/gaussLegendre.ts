/** Nodes on (-1, 1) and weights (sum 2) of a quadrature rule. */
export interface Rule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** P_n(x) and its derivative, by the three-term recurrence. */
const legendre = (n: number, x: number): readonly [value: number, slope: number] => {
  let previous = 1
  let current = x
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * current - (k - 1) * previous) / k
    previous = current
    current = next
  }
  return [current, (n * (x * current - previous)) / (x * x - 1)]
}

/**
 * The Gauss-Legendre rule with n >= 2 nodes: exact for polynomials of degree below 2 n. Nodes by Newton's method from
 * Tricomi's approximation, to rounding.
 */
export const gaussLegendre = (n: number): Rule => {
  const nodes = Float64Array.from({ length: n }, (_, i) => {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    for (let step = 0; step < 6; step++) {
      const [value, slope] = legendre(n, x)
      x -= value / slope
    }
    return x
  })
  return { nodes, weights: nodes.map(x => 2 / ((1 - x * x) * legendre(n, x)[1] ** 2)) }
}
