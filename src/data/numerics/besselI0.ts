/** sum of (z/2)^(2k) / k!^2: all terms positive, so stable. */
const powerSeries = (z: number): number => {
  let term = 1
  let sum = 1
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (z / (2 * k)) ** 2
    sum += term
  }
  return sum
}

/** sum of ((2k - 1)!!)^2 / (k! (8z)^k), Hankel's asymptotic series; its smallest term is about exp(-2z). */
const hankelSeries = (z: number): number => {
  let term = 1
  let sum = 1
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (2 * k - 1) ** 2 / (8 * k * z)
    sum += term
  }
  return sum
}

/**
 * ln(exp(-z) I0(z)) for z >= 0, I0 the modified Bessel function; error below 1e-14.
 * source   Abramowitz, Stegun 9.6.12 and 9.7.1
 */
export const logScaledBesselI0 = (z: number): number =>
  z < 25 ? Math.log(powerSeries(z)) - z : Math.log(hankelSeries(z)) - Math.log(2 * Math.PI * z) / 2
