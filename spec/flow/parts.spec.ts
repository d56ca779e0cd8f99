import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/flow/architecture.js'
import { blockKinds, blockNames } from '../../src/flow/blockKinds.js'
import { certify } from '../../src/flow/certify.js'
import { conditioned } from '../../src/flow/conditioned.js'
import { couplingSizes } from '../../src/flow/coupling.js'
import { blockLayoutOf, layoutOf, segmentsOf } from '../../src/flow/layout.js'
import { rationalQuadratic, splineParameters } from '../../src/flow/rationalQuadratic.js'
import { contractiveMlp } from '../../src/lipschitz/contractive.js'
import { activations } from '../../src/net/activations.js'
import { fromArray } from '../../src/tensor/constructors.js'

const architecture: Architecture = {
  model: 'resflow',
  dimension: 1,
  blocks: 2,
  hidden: [1],
  activation: 'sine',
  coefficient: 0.9
}

describe('splines', () => {
  it.each([1, 0, -3, 501, 2.5, Number.NaN])('refuse %d bins', bins => {
    expect(() => rationalQuadratic({ bins, bound: 1 })).toThrow(`rationalQuadratic: needs 2 to 500 bins, not ${bins}`)
  })

  it.each([0, -1, Infinity, Number.NaN])('refuse a bound of %d', bound => {
    expect(() => rationalQuadratic({ bins: 4, bound })).toThrow(
      `rationalQuadratic: the bound must be above 0, not ${bound}`
    )
  })

  it('take 2 to 500 bins and any positive bound', () => {
    for (const [bins, bound] of [
      [2, 1e-3],
      [500, 1e3],
      [8, 3]
    ] as const)
      expect(Object.keys(rationalQuadratic({ bins, bound }))).toEqual(['forward', 'inverse'])
  })

  it('have a width and a height a bin and a slope at each inner knot', () => {
    expect(splineParameters({ bins: 2, bound: 1 })).toBe(5)
    expect(splineParameters({ bins: 8, bound: 1 })).toBe(23)
  })
})

describe('couplings', () => {
  it('leave the first half, rounded down, or the rest as it is', () => {
    expect(couplingSizes(5, 'first')).toEqual({ kept: 2, moved: 3 })
    expect(couplingSizes(5, 'last')).toEqual({ kept: 3, moved: 2 })
    expect(couplingSizes(4, 'last')).toEqual({ kept: 2, moved: 2 })
  })
})

describe('kinds of blocks', () => {
  it('have titles, nets, and say whether other programs know them', () => {
    expect(blockNames).toEqual(['impflow', 'resflow', 'monotone'])
    expect(blockNames.map(name => blockKinds[name].title)).toEqual(['ImpFlow', 'ResFlow', 'Monotone flow'])
    expect(blockNames.map(name => blockKinds[name].nets)).toEqual([['gx', 'gz'], ['gx'], ['gx']])
    expect(blockNames.map(name => blockKinds[name].exchangeable)).toEqual([true, true, false])
  })
})

describe('blocks of a layout', () => {
  const three: Architecture = { ...architecture, model: 'impflow', dimension: 2, blocks: 3, hidden: [3] }
  const layout = layoutOf(three)
  const flat = Float64Array.from({ length: layout.size }, (_, i) => i)
  const { one, pick, join } = blockLayoutOf(three)

  it('are flows of one block', () => {
    expect(one).toEqual({ ...three, blocks: 1 })
  })

  it('hold the parameters of their nets, and together all of them', () => {
    const parts = [0, 1, 2].map(b => pick(flat, b))
    for (const [b, part] of parts.entries()) {
      const own = segmentsOf(layoutOf(one), part)
      const whole = segmentsOf(layout, flat).filter(([{ net }]) => Math.floor(net / 2) === b)
      expect(own.map(([{ kind, layer, shape }]) => [kind, layer, shape])).toEqual(
        whole.map(([{ kind, layer, shape }]) => [kind, layer, shape])
      )
      expect(own.map(([, values]) => Array.from(values))).toEqual(whole.map(([, values]) => Array.from(values)))
    }
    expect(join(parts, length => new Float64Array(length))).toEqual(flat)
  })
})

describe('a net that takes a context', () => {
  it('needs a layer', () => {
    const net = contractiveMlp({ activation: activations.sine, leading: false })
    const none = { layers: [], betas: [], norms: [] }
    const given = { net: none, reader: { layers: [], betas: [] }, context: fromArray([1]) }
    const reading = { activation: activations.sine, leading: false }
    expect(() => conditioned(net, reading).bound(given)).toThrow('a net that takes a context needs a layer')
  })
})

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
