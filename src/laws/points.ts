import fc from 'fast-check'

/** Ordinary numbers from -size to size, on a fine grid, so that they shrink to short ones. */
const coordinates = (size: number): fc.Arbitrary<number> =>
  fc.integer({ min: -1e6, max: 1e6 }).map(i => (i * size) / 1e6)

/** Points of d coordinates from -size to size, some of them 0. */
export const pointsOf = (d: number, size: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.oneof({ weight: 15, arbitrary: coordinates(size) }, fc.constant(0)), { minLength: d, maxLength: d })

/** Points with far, tiny and signed zero coordinates among ordinary ones. */
export const wildPoints = (d: number, size: number): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.oneof(
      { weight: 2, arbitrary: coordinates(size) },
      fc.constantFrom(0, -0, 1e-300, -1e-9, 50, -1000, 1000, 1e8, -1e8)
    ),
    { minLength: d, maxLength: d }
  )

/** Points with one coordinate that is not finite. */
export const brokenPoints = (d: number, size: number): fc.Arbitrary<readonly number[]> =>
  fc
    .tuple(pointsOf(d, size), fc.nat(d - 1), fc.constantFrom(Number.NaN, Infinity, -Infinity))
    .map(([x, at, bad]) => x.map((xi, i) => (i === at ? bad : xi)))

/** The same numbers to the bit, NaN equal to NaN. */
export const sameBits = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((x, i) => Object.is(x, b[i]))

/** A point for a message. */
export const shown = (x: ArrayLike<number>): string => `[${Array.from(x).join(', ')}]`
