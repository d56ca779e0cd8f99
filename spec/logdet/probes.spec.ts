import { describe, expect, it } from 'vitest'
import { drawProbes } from '../../src/logdet/probes.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { rademacher } from '../../src/random/rademacher.js'

const key = fromSeed(11)
const [count, d] = [5, 3]
const rowsOf = (probes: Float64Array) => Array.from({ length: count }, (_, i) => probes.subarray(i * d, i * d + d))

describe('probes', () => {
  it('of signs, and of normal numbers, are the draws of the key', () => {
    expect(drawProbes('rademacher')(key)(count, d)).toEqual(rademacher(key)(count * d))
    expect(drawProbes('gaussian')(key)(count, d)).toEqual(normal(key)(count * d))
  })

  it('on the sphere have the directions of the normal numbers and the length sqrt(d)', () => {
    const directions = rowsOf(normal(key)(count * d))
    rowsOf(drawProbes('sphere')(key)(count, d)).forEach((v, i) => {
      const from = directions[i] as Float64Array
      const length = Math.sqrt(from.reduce((s, x) => s + x * x, 0))
      v.forEach((x, j) => {
        expect(Math.abs(x - ((from[j] as number) / length) * Math.sqrt(d))).toBeLessThan(1e-14)
      })
    })
  })
})
