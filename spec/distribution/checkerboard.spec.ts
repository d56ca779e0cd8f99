import { describe, expect, it } from 'vitest'
import { logProb } from '../../src/distribution/pushforward.js'
import { type Architecture, flowOf } from '../../src/flow/architecture.js'
import { rowMajor, withShape } from '../../src/interpret/reference/arrays.js'
import { program } from '../../src/interpret/reference/evaluate.js'
import { certifiedNorm } from '../../src/lipschitz/certifiedNorm.js'
import type { Normed } from '../../src/lipschitz/contractive.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { simplify } from '../../src/rewrite/simplify.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { neg } from '../../src/tensor/primitives/neg.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { leaves, withLeaves } from '../../src/tensor/tree.js'
import { precisely } from '../flow/support/blocks.js'
import { projected } from '../net/support/nets.js'
import { length, numbers } from '../solve/support/certificate.js'

/** Numbers between -1 and 1 that look random: multiples of an irrational, modulo 1. */
const stream = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return (2 * state) / 2147483648 - 1
  }
}

const architecture = (hidden: readonly number[]): Architecture => ({
  model: 'impflow',
  dimension: 2,
  blocks: 4,
  hidden,
  activation: 'sine',
  coefficient: 0.99
})

const netOf = (hidden: readonly number[], next: () => number): Normed => {
  const widths = [2, ...hidden, 2]
  const weights = widths.slice(1).map((out, l) => {
    const size = widths[l] as number
    const raw = Array.from({ length: out * size }, () => (4 * next()) / Math.sqrt(size))
    return { out, size, values: projected(raw, [out, size], 0.99) }
  })
  return {
    layers: weights.map(({ out, size, values }) => ({
      weight: fromArray(values, [out, size]),
      bias: fromArray(Array.from({ length: out }, next))
    })),
    betas: [],
    norms: weights.map(({ out, size, values }) => scalar(certifiedNorm(values, [out, size])))
  }
}

/** The mean negative log-likelihood of a batch under four blocks, as a function of the weights and biases. */
const lossOf = (hidden: readonly number[], rows: number, seed: number) => {
  const next = stream(seed)
  const blocks = Array.from({ length: 4 }, () => ({ gx: netOf(hidden, next), gz: netOf(hidden, next) }))
  const points = fromArray(
    Array.from({ length: 2 * rows }, () => 4 * next()),
    [rows, 2]
  )
  const trained = blocks.map(({ gx, gz }) => ({ gx: gx.layers, gz: gz.layers }))
  const density = logProb(flowOf(architecture(hidden), precisely))
  const loss = (p: typeof trained): Tensor => {
    const full = blocks.map(({ gx, gz }, i) => ({
      gx: { ...gx, layers: p[i]?.gx ?? gx.layers },
      gz: { ...gz, layers: p[i]?.gz ?? gz.layers }
    }))
    return mul(neg(sum(vectorize(x => density({ blocks: full })(x).logDensity)(points))), 1 / rows)
  }
  return { trained, loss }
}

/** Neville's scheme for the central differences of a smooth function at 0, in the squares of the steps. */
const richardson = (f: (t: number) => number, step: number, levels: number): number => {
  const first = Array.from({ length: levels }, (_, i) => {
    const h = step / 2 ** i
    return (f(h) - f(-h)) / (2 * h)
  })
  const columns = Array.from({ length: levels - 1 }, (_, order) => 4 ** (order + 1))
  const last = columns.reduce<readonly number[]>(
    (column, weight) => column.slice(1).map((finer, i) => (weight * finer - (column[i] as number)) / (weight - 1)),
    first
  )
  return last[0] as number
}

/** The directional derivative by gradient, by differences of values, and |g||v|. */
const slopesOf = (hidden: readonly number[], rows: number, seed: number) => {
  const { trained, loss } = lossOf(hidden, rows, seed)
  const next = stream(seed + 1)
  const directions = leaves(trained).map(({ shape }) =>
    fromArray(Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next), shape)
  )
  const gradient = numbers(...leaves(grad(loss)(trained)))
  const along = numbers(...directions)
  const size = length(along.map(length))
  const t = input('t', [])
  const moved = leaves(trained).map((leaf, i) => add(leaf, mul(mul(t, 1 / size), directions[i] as Tensor)))
  const run = program([t], simplify([loss(withLeaves(trained, moved))]))
  const at = (value: number): number => {
    const [result] = run([withShape(Float64Array.of(value), [])])
    return result === undefined ? Number.NaN : (rowMajor(result)[0] as number)
  }
  const product = gradient.reduce(
    (total, g, i) => total + g.reduce((part, x, j) => part + (x * ((along[i] as Float64Array)[j] as number)) / size, 0),
    0
  )
  return { product, difference: richardson(at, 0.04, 5), scale: length(gradient.map(length)) }
}

describe('the gradient of the loss of four blocks on the plane', () => {
  it.each([1, 2, 3, 4, 5])(
    'agrees with extrapolated differences along a random direction within 1e-8 of |g||v|: nets 2-16-16-2, seed %i',
    seed => {
      const { product, difference, scale } = slopesOf([16, 16], 4, seed)
      expect(Math.abs(product - difference)).toBeLessThanOrEqual(1e-8 * scale)
      expect(Math.abs(product)).toBeGreaterThan(1e-4 * scale)
    }
  )

  it('agrees with them for the nets of the paper, 2-128-128-2', () => {
    const { product, difference, scale } = slopesOf([128, 128], 2, 5)
    expect(Math.abs(product - difference)).toBeLessThanOrEqual(1e-8 * scale)
  })
})
