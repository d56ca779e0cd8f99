import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/flow/architecture.js'
import { certify } from '../../src/flow/certify.js'
import { layoutOf, segmentsOf } from '../../src/flow/layout.js'

const architecture: Architecture = {
  model: 'resflow',
  dimension: 1,
  blocks: 2,
  hidden: [1],
  activation: 'sine',
  coefficient: 0.9
}

describe('certified weights', () => {
  const { size } = layoutOf(architecture)
  /** The first layers' weights of both nets, then the second ones'; biases of zero. */
  const weightsOf = (...entries: readonly number[]): Float64Array => {
    const flat = new Float64Array(size)
    let i = 0
    for (const [{ kind, offset }] of segmentsOf(layoutOf(architecture), flat))
      if (kind === 'weight') flat[offset] = entries[i++] as number
    return flat
  }
  const certified = (...entries: readonly number[]) => {
    const result = certify(architecture, weightsOf(...entries))
    if (E.isLeft(result)) throw new Error(result.left.net)
    return result.right
  }
  const kept = ({ effective }: ReturnType<typeof certified>): readonly number[] =>
    segmentsOf(layoutOf(architecture), effective)
      .filter(([{ kind }]) => kind === 'weight')
      .map(([, values]) => values[0] as number)

  it('stay where their product is below 1, though one is above the coefficient', () => {
    expect(kept(certified(1.2, 0.3, 0.5, 0.2))).toEqual([1.2, 0.3, 0.5, 0.2])
  })

  it('are divided only where they are above the coefficient and the product is 1 or more', () => {
    const [a, b, c, d] = kept(certified(3, 1.5, 0.5, 0.2)) as [number, number, number, number]
    expect(a).toBeCloseTo(0.9, 12)
    expect([b, c, d]).toEqual([1.5, 0.5, 0.2])
  })

  it('have the bound of the net that is least contractive', () => {
    const { lipschitzBound, norms } = certified(0.9, 0.3, 0.5, 0.2)
    expect(lipschitzBound).toBeGreaterThanOrEqual(0.45)
    expect(lipschitzBound).toBeCloseTo(0.45, 8)
    expect(norms.map(norm => Math.round(norm * 1e6) / 1e6)).toEqual([0.9, 0.3, 0.5, 0.2])
  })

  it('are refused where an entry is not finite, by the name of the net', () => {
    expect(certify(architecture, weightsOf(0.1, 0.1, Infinity, 0.1))).toMatchObject({
      _tag: 'Left',
      left: { tag: 'NotContractive' }
    })
  })
})
