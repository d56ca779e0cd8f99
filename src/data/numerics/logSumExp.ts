/** ln(sum of exp(v)) without overflow or underflow; -Infinity for no terms, Infinity as soon as one term is. */
export const logSumExp = (terms: ReadonlyArray<number>): number => {
  let top = Number.NEGATIVE_INFINITY
  for (const term of terms) top = term > top || Number.isNaN(term) ? term : top
  if (!Number.isFinite(top)) return top
  let sum = 0
  for (const term of terms) sum += Math.exp(term - top)
  return top + Math.log(sum)
}
