import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { actNorm, actNormStart } from '../../src/flow/actNorm.js'
import { affine } from '../../src/flow/affine.js'
import { type Architecture, flowOf } from '../../src/flow/architecture.js'
import { blockKinds, blockNames } from '../../src/flow/blockKinds.js'
import { boundsAsGiven, certify } from '../../src/flow/certify.js'
import { implicit } from '../../src/flow/implicit.js'
import { flowInput, layoutOf, packed, parameterCount, segmentsOf, unpacked } from '../../src/flow/layout.js'
import { monotone } from '../../src/flow/monotone.js'
import { residual } from '../../src/flow/residual.js'
import { contractiveMlp, type Normed } from '../../src/lipschitz/contractive.js'
import { activations } from '../../src/net/activations.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { precisely } from './support/blocks.js'

/** A flow with everything that an architecture may have. */
const full: Architecture = {
  model: 'impflow',
  dimension: 2,
  blocks: 2,
  hidden: [3, 4],
  activation: 'lipSwish',
  coefficient: 0.8,
  leading: true,
  actNorms: [0, 1, 2]
}

const plain: Architecture = {
  model: 'resflow',
  dimension: 2,
  blocks: 1,
  hidden: [3],
  activation: 'tanh',
  coefficient: 0.8
}

describe('the layout of parameters', () => {
  it('has weights, biases and betas by layer, then by net, and ActNorms at the end', () => {
    const { segments, nets, widths, size } = layoutOf(full)
    const netNames = ['blocks.0.gx', 'blocks.0.gz', 'blocks.1.gx', 'blocks.1.gz']
    const each = (count: number, tail: (i: number) => string) =>
      Array.from({ length: count }, (_, i) => netNames.map(name => `${name}.${tail(i)}`)).flat()
    expect(segments.map(({ name }) => name)).toEqual([
      ...each(3, i => `layers.${i}.weight`),
      ...each(3, i => `layers.${i}.bias`),
      ...each(3, i => `betas.${i}`),
      ...[0, 1, 2].flatMap(k => [`actNorms.${k}.shift`, `actNorms.${k}.logScale`])
    ])
    expect([nets, widths]).toEqual([4, [2, 3, 4, 2]])
    expect(segments.slice(0, 12).map(({ shape }) => shape)).toEqual(
      [
        [3, 2],
        [4, 3],
        [2, 4]
      ].flatMap(shape => [shape, shape, shape, shape])
    )
    expect(segments.slice(12, 24).map(({ shape, kind }) => [shape, kind])).toEqual(
      [[3], [4], [2]].flatMap(shape => Array.from({ length: 4 }, () => [shape, 'bias']))
    )
    expect(segments.slice(24, 36).every(({ shape, kind }) => shape.length === 0 && kind === 'beta')).toBe(true)
    expect(segments.slice(36).map(({ kind, net, shape }) => [kind, net, shape])).toEqual(
      [0, 1, 2].flatMap(k => [
        ['shift', k, [2]],
        ['logScale', k, [2]]
      ])
    )
    expect(segments.map(({ net, layer }) => [net, layer]).slice(4, 8)).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1]
    ])
    expect(size).toBe(4 * (6 + 12 + 8 + 3 + 4 + 2 + 3) + 12)
    expect(parameterCount(full)).toBe(size)
  })

  it('has nothing that an architecture does not have', () => {
    const { segments, nets, size } = layoutOf(plain)
    expect(segments.map(({ name }) => name)).toEqual([
      'blocks.0.gx.layers.0.weight',
      'blocks.0.gx.layers.1.weight',
      'blocks.0.gx.layers.0.bias',
      'blocks.0.gx.layers.1.bias'
    ])
    expect([nets, size]).toEqual([1, 6 + 6 + 3 + 2])
    expect(layoutOf({ ...plain, activation: 'lipSwish' }).segments.map(({ name }) => name)).toContain(
      'blocks.0.gx.betas.0'
    )
    expect(layoutOf({ ...plain, activation: 'lipSwish' }).size).toBe(18)
  })

  it('leaves no gap: unpacked and packed again, numbers are as they were', () => {
    const layout = layoutOf(full)
    const flat = Float64Array.from({ length: layout.size }, (_, i) => i)
    expect(Array.from(valuesOf(packed(unpacked(layout, fromArray(flat)))))).toEqual(Array.from(flat))
    expect(segmentsOf(layout, flat).flatMap(([, values]) => Array.from(values))).toEqual(Array.from(flat))
  })
})

/** The flow by hand: blocks and ActNorms one after another, each from its segments. */
const byHand = (architecture: Architecture, flat: Float64Array, x: Tensor) => {
  const layout = layoutOf(architecture)
  const at = new Map(segmentsOf(layout, flat).map(([{ name, shape }, values]) => [name, fromArray(values, shape)]))
  const get = (name: string): Tensor => at.get(name) as Tensor
  const { leading = false, hidden, activation, actNorms = [], model, blocks } = architecture
  const net = contractiveMlp({ activation: activations[activation], leading })
  const parameters = (name: string): Normed => ({
    layers: Array.from({ length: hidden.length + 1 }, (_, l) => ({
      weight: get(`${name}.layers.${l}.weight`),
      bias: get(`${name}.layers.${l}.bias`)
    })),
    betas: Array.from({ length: 9 }, (_, l) => at.get(`${name}.betas.${l}`)).filter(beta => beta !== undefined),
    norms: Array.from({ length: hidden.length + 1 }, () => scalar(0.8))
  })
  const affineAt = (k: number) =>
    affine.forward({ shift: get(`actNorms.${k}.shift`), logScale: get(`actNorms.${k}.logScale`) })
  let [value, logDet] = [x, scalar(0)]
  const through = (map: (x: Tensor) => { readonly value: Tensor; readonly logDet: Tensor }): void => {
    const image = map(value)
    ;[value, logDet] = [image.value, add(logDet, image.logDet)]
  }
  for (let b = 0; b <= blocks; b++) {
    actNorms.forEach((place, k) => {
      if (place === b) through(affineAt(k))
    })
    if (b === blocks) break
    const [gx, gz] = [parameters(`blocks.${b}.gx`), () => parameters(`blocks.${b}.gz`)]
    if (model === 'impflow') through(implicit(precisely)(net, net).forward({ gx, gz: gz() }))
    else through((model === 'resflow' ? residual(precisely) : monotone(precisely))(net).forward(gx))
  }
  return { value, logDet }
}

const weights = (architecture: Architecture, seed: number): Float64Array => {
  const certified = certify(architecture, normal(fromSeed(seed))(layoutOf(architecture).size))
  if (E.isLeft(certified)) throw new Error('these weights do not contract')
  return certified.right.effective
}

const architectures = fc
  .record({
    model: fc.constantFrom(...blockNames),
    leading: fc.boolean(),
    activation: fc.constantFrom('lipSwish', 'sine'),
    actNorms: fc.constantFrom([], [0], [1, 2], [0, 0, 2])
  })
  .map((some): Architecture => ({ ...full, ...some, hidden: [3] }) as Architecture)

describe('the flow of an architecture', () => {
  law(
    'is that of its blocks and ActNorms in their places, and its inverse undoes it',
    [architectures, fc.nat(1000), fc.integer({ min: -2000, max: 2000 })],
    (architecture, seed, at) => {
      const flat = weights(architecture, seed)
      const tensors = unpacked(layoutOf(architecture), fromArray(flat))
      const norms = tensors
        .filter((_, i) => layoutOf(architecture).segments[i]?.kind === 'weight')
        .map(() => scalar(0.8))
      const flow = flowOf(architecture, precisely)
      const parameters = flowInput(architecture, tensors, norms)
      const x = fromArray([at / 1000, 1 - at / 3000])
      const [found, hand] = [flow.forward(parameters)(x), byHand(architecture, flat, x)]
      const back = valuesOf(flow.inverse(parameters)(found.value).value)
      const same = (a: Tensor, b: Tensor) => {
        const [u, v] = [valuesOf(a), valuesOf(b)]
        return u.length === v.length && u.every((entry, i) => Object.is(entry, v[i]))
      }
      return (
        same(found.value, hand.value) &&
        same(found.logDet, hand.logDet) &&
        back.every((entry, i) => Math.abs(entry - (valuesOf(x)[i] as number)) < 1e-9 * 3 ** 4)
      )
    },
    { cases: 40 }
  )

  it('gives every net the norms of its own weights', () => {
    const layout = layoutOf(full)
    const tensors = unpacked(layout, input('flat', [layout.size]))
    const norms = layout.segments.filter(({ kind }) => kind === 'weight').map((_, i) => scalar(i))
    const { blocks, actNorms } = flowInput(full, tensors, norms)
    const numbersOf = (net: Normed): readonly number[] => net.norms.map(n => valuesOf(n)[0] as number)
    expect(blocks.map(({ gx, gz }) => [numbersOf(gx), numbersOf(gz)])).toEqual([
      [
        [0, 4, 8],
        [1, 5, 9]
      ],
      [
        [2, 6, 10],
        [3, 7, 11]
      ]
    ])
    expect(actNorms?.map(({ shift, logScale }) => [shift.shape, logScale.shape])).toEqual([
      [[2], [2]],
      [[2], [2]],
      [[2], [2]]
    ])
  })

  it('has titles and nets by kind of block', () => {
    expect(blockNames.map(name => [blockKinds[name].title, blockKinds[name].nets])).toEqual([
      ['ImpFlow', ['gx', 'gz']],
      ['ResFlow', ['gx']],
      ['Monotone flow', ['gx']]
    ])
  })
})

describe('bounds of weights as given', () => {
  it('are the largest product of a net, with the slopes of its activations, and change nothing', () => {
    const architecture: Architecture = { ...plain, activation: 'lipSwish', leading: true, blocks: 2 }
    const layout = layoutOf(architecture)
    const flat = new Float64Array(layout.size)
    layout.segments.forEach(({ kind, offset, net, layer }) => {
      if (kind === 'weight') flat[offset] = (net + 2) * (layer + 1)
    })
    const { effective, norms, lipschitzBound } = boundsAsGiven(architecture, flat)
    expect(Array.from(effective)).toEqual(Array.from(flat))
    ;[2, 3, 4, 6].forEach((norm, i) => {
      expect(norms[i]).toBeGreaterThanOrEqual(norm)
      expect(norms[i]).toBeLessThan(norm * (1 + 1e-9))
    })
    const slope = activations.lipSwish.lipschitz
    expect(lipschitzBound).toBeGreaterThanOrEqual(18 * slope ** 2)
    expect(lipschitzBound).toBeLessThan(18 * slope ** 2 * (1 + 1e-8))
    expect(certify(architecture, flat)).toMatchObject({ _tag: 'Right' })
    expect(certify(architecture, flat.fill(Number.NaN))).toMatchObject({
      left: { net: 'blocks.0.gx', bound: Infinity }
    })
  })
})

describe('the start of an ActNorm', () => {
  law(
    'makes the first output of mean 0 and variance 1, whole numbers in',
    [
      fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 9 })), {
        minLength: 3,
        maxLength: 20
      })
    ],
    rows => {
      const parameters = actNormStart(rows.flat(), 2)
      const images = rows.map(row => Array.from(valuesOf(actNorm.forward(parameters)(fromArray(row)).value)))
      return [0, 1].every(j => {
        const column = images.map(image => image[j] as number)
        const mean = column.reduce((a, b) => a + b, 0) / rows.length
        const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows.length
        const constant = rows.every(row => row[j] === rows[0]?.[j])
        return Math.abs(mean) < 1e-9 && Math.abs(variance - (constant ? 0 : 1)) < 1e-9
      })
    }
  )

  it('counts a small variance as its floor', () => {
    const { logScale, shift } = actNormStart([5, 5, 5], 1, { floor: 0.25 })
    expect([valuesOf(shift)[0], valuesOf(logScale)[0]]).toEqual([-5, Math.log(2)])
    expect(valuesOf(actNormStart([5], 1).logScale)[0]).toBeCloseTo(3 * Math.log(10), 12)
  })
})
