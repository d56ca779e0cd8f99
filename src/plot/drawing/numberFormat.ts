import type { Interval } from '../numbers/interval.js'

/** Whether numbers up to this magnitude read well written out. */
const plain = (magnitude: number): boolean => magnitude === 0 || (magnitude >= 1e-3 && magnitude < 1e8)

/** The labels of an axis: Vega's own, but exponents where the numbers are huge or tiny. */
export const axisFormat = ([low, high]: Interval): { readonly format?: string } =>
  plain(Math.max(Math.abs(low), Math.abs(high))) ? {} : { format: '~g' }

/** A number with so many decimals, or with an exponent when huge. */
export const decimals =
  (digits: number) =>
  (value: number): string =>
    Math.abs(value) < 1e8 ? value.toFixed(digits) : value.toExponential(2)
