import fc from 'fast-check'
import { fromArray } from '../tensor/constructors.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import type { Domain, Tensor } from '../tensor/tensor.js'

/** Numbers under a shape, as data that can be printed and shrunk. */
export interface Sample {
  readonly shape: Shape
  readonly values: readonly number[]
}

export const tensorOf = ({ shape, values }: Sample): Tensor => fromArray(values, shape)

/** Ordinary numbers are good for differences; wild ones are huge, tiny, signed zeros and many ties. */
export type Mood = 'ordinary' | 'wild'

/** A prime, so that most numbers use all bits of a float64. */
const steps = 1048573

const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: steps }).map(i => low + ((high - low) * i) / steps)

const ordinary: Readonly<Record<Exclude<Domain, 'nearIdentity'>, fc.Arbitrary<number>>> = {
  real: between(-2, 2),
  nonzero: fc.oneof(between(0.5, 2), between(-2, -0.5)),
  positive: between(0.25, 4),
  aboveMinusOne: between(-0.75, 3),
  indicator: fc.constantFrom(0, 1)
}

const wild: typeof ordinary = {
  real: fc.oneof(ordinary.real, fc.constantFrom(0, -0, 1, -1, 2, 1e8, -1e8, 1e-300, -1e-300, 5e-324, 30, -30)),
  nonzero: fc.oneof(ordinary.nonzero, fc.constantFrom(1, -1, 1e8, -1e-8, 1e-30)),
  positive: fc.oneof(ordinary.positive, fc.constantFrom(1, 1e-300, 1e8, 1e300, 1 + 2 ** -52)),
  aboveMinusOne: fc.oneof(ordinary.aboveMinusOne, fc.constantFrom(0, -0, 1e-300, -1e-17, 1e8, -1 + 2 ** -20)),
  indicator: ordinary.indicator
}

/** I + A of n rows with Frobenius norm of A at most c: A random, zero, diagonal, nilpotent or of rank one. */
const nearIdentity = (n: number): fc.Arbitrary<readonly number[]> =>
  fc
    .tuple(
      fc.array(ordinary.real, { minLength: n * n, maxLength: n * n }),
      fc.constantFrom(0, 0.1, 0.5, 0.9),
      fc.constantFrom('any', 'diagonal', 'nilpotent', 'rank one')
    )
    .map(([entries, c, kind]) => {
      const a = entries.map((x, index) => {
        const [i, j] = [Math.floor(index / n), index % n]
        if (kind === 'diagonal') return i === j ? x : 0
        if (kind === 'nilpotent') return i < j ? x : 0
        return kind === 'rank one' ? (entries[i] as number) * (entries[j] as number) : x
      })
      const size = Math.hypot(...a)
      return a.map((x, index) => (index % (n + 1) === 0 ? 1 : 0) + (size === 0 ? 0 : (c * x) / size))
    })

const repeatedFrom =
  (count: number) =>
  (values: readonly number[]): readonly number[] =>
    values.map((_, i) => values[i % count] as number)

/** Numbers of a shape in a domain; sometimes rows repeat. */
export const samples = (shape: Shape, domain: Domain, mood: Mood = 'ordinary'): fc.Arbitrary<Sample> => {
  const size = sizeOf(shape)
  const exactly = { minLength: size, maxLength: size }
  const rowLength = Math.max(1, shape.at(-1) ?? 1)
  if (domain === 'nearIdentity') {
    const n = shape.at(-1) as number
    const count = n === 0 ? 0 : size / (n * n)
    return fc
      .array(nearIdentity(n), { minLength: count, maxLength: count })
      .map(matrices => ({ shape, values: matrices.flat() }))
  }
  const numbers = fc.array((mood === 'wild' ? wild : ordinary)[domain], { ...exactly })
  return fc
    .tuple(numbers, fc.integer({ min: 0, max: 7 }))
    .map(([values, die]) => ({ shape, values: die === 0 ? repeatedFrom(rowLength)(values) : values }))
}

/** Shapes of few entries: ranks from 0 to 6, axes of length 1 to 3, or 0 where allowed. */
export const shapes = ({ minRank = 0, maxRank = 3, empty = false } = {}): fc.Arbitrary<Shape> =>
  fc
    .integer({ min: minRank, max: maxRank })
    .chain(rank =>
      fc.array(fc.integer({ min: empty ? 0 : 1, max: rank > 3 ? 2 : 3 }), { minLength: rank, maxLength: rank })
    )
