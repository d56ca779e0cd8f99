import fc from 'fast-check'
import { toArray } from '../../src/interpret/reference/reference.js'
import { fromNested } from '../../src/tensor/constructors.js'
import { orthogonalised } from '../../src/train/orthogonalise.js'
import { law } from '../support/law.js'

/** Entries of plane rotations: a matrix U diag(s) V' [out size] of rank 2 with the singular values given. */
const matrix = fc.record({
  angles: fc.tuple(fc.double({ min: 0, max: 6, noNaN: true }), fc.double({ min: 0, max: 6, noNaN: true })),
  values: fc.tuple(fc.double({ min: 0.2, max: 9, noNaN: true }), fc.double({ min: 0.2, max: 9, noNaN: true })),
  out: fc.integer({ min: 2, max: 4 }),
  size: fc.integer({ min: 2, max: 4 })
})

type Drawn = typeof matrix extends fc.Arbitrary<infer A> ? A : never

const turned = (angle: number, n: number): readonly (readonly number[])[] => [
  [Math.cos(angle), Math.sin(angle), ...new Array<number>(n - 2).fill(0)],
  [-Math.sin(angle), Math.cos(angle), ...new Array<number>(n - 2).fill(0)]
]

/** Sum of s u v' over both singular values, by plain loops. */
const composed = ({ angles, out, size }: Drawn, values: readonly [number, number]): readonly (readonly number[])[] => {
  const [u, v] = [turned(angles[0], out), turned(angles[1], size)]
  return Array.from({ length: out }, (_, i) =>
    Array.from({ length: size }, (_, j) =>
      values.reduce((sum, s, k) => sum + s * (u[k]?.[i] as number) * (v[k]?.[j] as number), 0)
    )
  )
}

law(
  'an orthogonalised matrix keeps its singular vectors, and its singular values come between 0.65 and 1.25',
  [matrix],
  drawn => {
    const result = toArray(orthogonalised(fromNested([composed(drawn, drawn.values)])))
    const [u, v] = [turned(drawn.angles[0], drawn.out), turned(drawn.angles[1], drawn.size)]
    const inBasis = (k: number, l: number): number =>
      result.reduce(
        (sum, x, at) => sum + x * (u[k]?.[Math.floor(at / drawn.size)] as number) * (v[l]?.[at % drawn.size] as number),
        0
      )
    for (const [k, l] of [
      [0, 1],
      [1, 0]
    ] as const)
      if (Math.abs(inBasis(k, l)) > 1e-9) return `singular vectors are mixed: ${inBasis(k, l)}`
    const values = [inBasis(0, 0), inBasis(1, 1)]
    return values.every(s => s > 0.65 && s < 1.25) || `singular values ${values.join(', ')}`
  }
)

law('zero stays zero', [fc.integer({ min: 1, max: 4 })], n =>
  toArray(orthogonalised(fromNested([Array.from({ length: n }, () => new Array<number>(3).fill(0))]))).every(
    x => x === 0
  )
)
