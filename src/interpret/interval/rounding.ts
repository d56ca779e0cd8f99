/**
 * Directed rounding out of rounding to nearest. Nothing here uses more than + - * / and Math.sqrt, which ECMAScript
 * rounds correctly; the functions of Math that it only approximates, and `**`, are not called. Directed results are the
 * nearest float on their side, or that float exactly, unless a product or quotient comes near underflow or overflow:
 * there they may be one or two floats further out.
 * Source: Rump, Zimmermann, Boldo, Melquiond 2009 (neighbours); Dekker 1971, Knuth (error-free transformations).
 */

/** The numbers from lo to hi, ends included; nothing is claimed where both are NaN. */
export interface Interval {
  readonly lo: number
  readonly hi: number
}

/** Largest float. */
export const MAX = Number.MAX_VALUE
/** Smallest positive float, 2^-1074. */
const tiny = Number.MIN_VALUE
/** u (1 + 2u), u = 2^-53. */
const step = (Number.EPSILON / 2) * (1 + Number.EPSILON)

/** Below 2^-1021 floats are 2^-1074 apart. */
const even = 4.450147717014403e-308

const gap = (x: number): number => (Math.abs(x) < even ? tiny : Math.abs(x) * step + tiny)

/** The float above x, or sometimes the one after it (near 2^-1020). NaN and Infinity stay. */
export const up = (x: number): number => (x === -Infinity ? -MAX : x + gap(x))

/** The float below x, or sometimes the one before it (near 2^-1020). NaN and -Infinity stay. */
export const down = (x: number): number => (x === Infinity ? MAX : x - gap(x))

const doublings = (): Float64Array => {
  const powers = new Float64Array(2098)
  powers[0] = tiny
  for (let i = 1; i < 2098; i++) powers[i] = (powers[i - 1] as number) * 2
  return powers
}
const powers = doublings()

/** 2^k, exactly, for integers k from -1074 to 1023. */
export const powerOfTwo = (k: number): number => powers[k + 1074] as number

/** x = fraction 2^exponent with 1 <= fraction < 2, exactly; x finite and above 0. */
export const normalised = (x: number): { readonly fraction: number; readonly exponent: number } => {
  let [fraction, exponent] = [x, 0]
  for (let k = 512; k >= 1; k /= 2) {
    if (fraction >= powerOfTwo(k)) {
      fraction *= powerOfTwo(-k)
      exponent += k
    } else if (fraction < powerOfTwo(1 - k)) {
      fraction *= powerOfTwo(k)
      exponent -= k
    }
  }
  while (fraction < 1) {
    fraction *= 2
    exponent--
  }
  while (fraction >= 2) {
    fraction /= 2
    exponent++
  }
  return { fraction, exponent }
}

/** The rounding error of a + b = sum, exactly, unless the sum overflows. */
export const sumError = (a: number, b: number, sum: number): number => {
  const part = sum - a
  return a - (sum - part) + (b - part)
}

/** Above this, halves of factors overflow. */
const splittable = powerOfTwo(995)
/** Below this, the error of a product may be no float. */
const resolved = powerOfTwo(-968)
/** Smallest float of full precision. */
const normal = powerOfTwo(-1022)
/** 2^27 + 1. */
const splitter = 134217729

/** The rounding error of a b = product, exactly, if |a| and |b| are at most 2^995 and the product 0 or at least 2^-968. */
export const productError = (a: number, b: number, product: number): number => {
  const [bigA, bigB] = [splitter * a, splitter * b]
  const [a1, b1] = [bigA - (bigA - a), bigB - (bigB - b)]
  const [a2, b2] = [a - a1, b - b1]
  return a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2)
}

const exactProduct = (a: number, b: number, product: number): boolean =>
  Math.abs(a) <= splittable && Math.abs(b) <= splittable && Math.abs(product) >= resolved && Math.abs(product) <= MAX

/** A float at or below a + b; NaN if an infinity meets its opposite. */
export const addDown = (a: number, b: number): number => {
  const sum = a + b
  if (sum === Infinity) return a === Infinity || b === Infinity ? sum : MAX
  return sumError(a, b, sum) < 0 ? down(sum) : sum
}

/** A float at or above a + b; NaN if an infinity meets its opposite. */
export const addUp = (a: number, b: number): number => -addDown(-a, -b)

/** A float at or below a b; NaN if 0 meets an infinity. */
export const mulDown = (a: number, b: number): number => {
  const product = a * b
  if (a === 0 || b === 0 || Math.abs(a) === Infinity || Math.abs(b) === Infinity) return product
  if (exactProduct(a, b, product)) return productError(a, b, product) < 0 ? down(product) : product
  return product === 0 ? (a > 0 === b > 0 ? 0 : -tiny) : down(product)
}

/** A float at or above a b; NaN if 0 meets an infinity. */
export const mulUp = (a: number, b: number): number => -mulDown(-a, b)

/** A float at or below a / b, b not 0; NaN if an infinity meets another. */
export const divDown = (a: number, b: number): number => {
  const quotient = a / b
  if (a === 0 || Math.abs(a) === Infinity || Math.abs(b) === Infinity) return quotient
  if (Math.abs(a) <= splittable && Math.abs(quotient) >= normal && exactProduct(quotient, b, a)) {
    const product = quotient * b
    const rest = a - product - productError(quotient, b, product)
    return b > 0 === rest < 0 && rest !== 0 ? down(quotient) : quotient
  }
  return quotient === 0 ? (a > 0 === b > 0 ? 0 : -tiny) : down(quotient)
}

/** A float at or above a / b, b not 0; NaN if an infinity meets another. */
export const divUp = (a: number, b: number): number => -divDown(-a, b)

/** A float at or below the square root of x >= 0. */
export const sqrtDown = (x: number): number => {
  const root = Math.sqrt(x)
  if (root === 0 || root === Infinity) return root
  const exact = exactProduct(root, root, x) && x <= splittable
  return exact && x - root * root - productError(root, root, root * root) >= 0 ? root : down(root)
}

/** A float at or above the square root of x >= 0. */
export const sqrtUp = (x: number): number => {
  const root = Math.sqrt(x)
  if (root === 0 || root === Infinity) return root
  const exact = exactProduct(root, root, x) && x <= splittable
  return exact && x - root * root - productError(root, root, root * root) <= 0 ? root : up(root)
}

/** A float at or below x 2^k, for |x| between 1/8 and 4 or 0, and |k| <= 1100. */
export const scaleDown = (x: number, k: number): number => {
  const half = k > 0 ? Math.floor(k / 2) : Math.ceil(k / 2)
  return k >= -1018 && k <= 1021 ? x * powerOfTwo(k) : mulDown(x * powerOfTwo(half), powerOfTwo(k - half))
}

/** A float at or above x 2^k, for |x| between 1/8 and 4 or 0, and |k| <= 1100. */
export const scaleUp = (x: number, k: number): number => -scaleDown(-x, k)
