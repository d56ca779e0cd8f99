import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { implicit } from '../../src/flow/implicit.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { constantOfNet, contractiveOf, type NetSample, nets, parametersOf, points } from '../net/support/nets.js'
import { bounded, distance, length, numbers } from '../solve/support/certificate.js'
import { identical } from '../support/agreement.js'
import { fromNumber, minus, plus, sizeOf, solved, times } from '../support/fraction.js'
import { law } from '../support/law.js'
import {
  applied,
  blocksAnd,
  byBroyden,
  enclosed,
  exchanged,
  half,
  mapOf,
  precisely,
  residualOf,
  stretch
} from './support/blocks.js'

const roomForRounding = 1 + 2 ** -40

/** x -> W x. */
const linear = (weight: readonly number[], d: number): NetSample => ({
  activation: 'identity',
  leading: false,
  widths: [d, d],
  weights: [weight],
  biases: [Array.from({ length: d }, () => 0)],
  betas: []
})

/** Linear nets of at most four variables with entries in sixty-fourths, of Frobenius norm below 0.94, and a point. */
const linearProblems = fc.integer({ min: 1, max: 4 }).chain(d => {
  const sixtyFourths = (count: number, most: number) =>
    fc.array(
      fc.integer({ min: -most, max: most }).map(i => i / 64),
      { minLength: count, maxLength: count }
    )
  return fc.record({ wx: sixtyFourths(d * d, 15), wz: sixtyFourths(d * d, 15), x: sixtyFourths(d, 640) })
})

/** Nets of four variables without a leading activation, so that turning them is turning weights. */
const roundAble = { leading: false, constants: [0.1, 0.5, 0.9, 0.97] } as const

type Square = readonly (readonly number[])[]

/** I - v v' / 2 for a vector v of signs: orthogonal, with entries +-1/2, so that products with short numbers are exact. */
const reflection = (bits: number): Square => {
  const v = [0, 1, 2, 3].map(i => ((bits >> i) & 1 ? -1 : 1))
  return v.map((vi, i) => v.map((vj, j) => (i === j ? 1 : 0) - (vi * vj) / 2))
}

const product = (a: Square, b: Square): Square =>
  a.map(row => [0, 1, 2, 3].map(j => row.reduce((sum, x, k) => sum + x * (b[k]?.[j] as number), 0)))

const times4 = (q: Square, x: readonly number[]): readonly number[] =>
  q.map(row => row.reduce((sum, qi, i) => sum + qi * (x[i] as number), 0))

/** The net with weights and biases rounded to multiples of 2^-30. */
const rounded = (g: NetSample): NetSample => {
  const short = (values: readonly number[]) => values.map(x => Math.round(x * 2 ** 30) / 2 ** 30)
  return { ...g, weights: g.weights.map(short), biases: g.biases.map(short) }
}

/** x -> g(x - b), by the first bias, exact for short numbers. */
const movedBy = (g: NetSample, b: readonly number[]): NetSample => {
  const [weight = []] = g.weights
  const biases = g.biases.map((bias, l) =>
    l > 0 ? bias : bias.map((v, i) => v - b.reduce((sum, bj, j) => sum + (weight[i * b.length + j] as number) * bj, 0))
  )
  return { ...g, biases }
}

/** x -> Q g(Q' x), by weights: the first times Q' on the right, the last and its bias times Q on the left, all exact. */
const rotated = (g: NetSample, q: Square): NetSample => {
  const last = g.weights.length - 1
  const rowsOf = (w: readonly number[], l: number): Square => {
    const columns = g.widths[l] as number
    return Array.from({ length: g.widths[l + 1] as number }, (_, i) => w.slice(i * columns, (i + 1) * columns))
  }
  const weights = g.weights.map((w, l) => {
    const right = l === 0 ? rowsOf(w, l).map(row => times4(q, row)) : rowsOf(w, l)
    const columns = right[0] ?? []
    const left =
      l === last
        ? q.map(row => columns.map((_, j) => row.reduce((sum, x, k) => sum + x * (right[k]?.[j] as number), 0)))
        : right
    return left.flat()
  })
  return { ...g, weights, biases: g.biases.map((b, l) => (l === last ? times4(q, b) : b)) }
}

describe('an ImpFlow block', () => {
  law('and its inverse undo each other, up to their radii', [blocksAnd(1)], ([block, [x = []]]) => {
    const f = mapOf(block)
    const z = enclosed(block, x, applied(f.forward, x))
    const back = enclosed(exchanged(block), z.value, applied(f.inverse, z.value))
    const w = enclosed(exchanged(block), x, applied(f.inverse, x))
    const forth = enclosed(block, w.value, applied(f.forward, w.value))
    const { forward, inverse } = stretch(block)
    return (
      distance(back.value, x) <= (back.radius + inverse * z.radius) * roomForRounding &&
      distance(forth.value, x) <= (forth.radius + forward * w.radius) * roomForRounding
    )
  })

  law('stretches distances within its bi-Lipschitz bounds', [blocksAnd(2)], ([block, [x = [], y = []]]) => {
    const f = mapOf(block)
    const [fx, fy] = [x, y].map(at => enclosed(block, at, applied(f.forward, at))) as [
      ReturnType<typeof enclosed>,
      ReturnType<typeof enclosed>
    ]
    const { forward, inverse } = stretch(block)
    const [before, after, radii] = [distance(x, y), distance(fx.value, fy.value), fx.radius + fy.radius]
    return after - radii <= forward * before * roomForRounding && before / inverse <= (after + radii) * roomForRounding
  })

  law('inverted is the block with its nets exchanged, to the bit', [blocksAnd(1)], ([block, [x = []]]) => {
    const [f, g] = [mapOf(block, byBroyden), mapOf(exchanged(block), byBroyden)]
    const at = fromArray(x)
    const images = [f.forward(at), g.inverse(at), f.inverse(at), g.forward(at)]
    const [value, same, inverse, alike] = images.map(image => numbers(image.value, image.logDet)) as [
      readonly Float64Array[],
      readonly Float64Array[],
      readonly Float64Array[],
      readonly Float64Array[]
    ]
    return identical([...value, ...inverse], [...same, ...alike])
  })

  law('of equal nets is the identity, up to its radius', [blocksAnd(1)], ([{ gx }, [x = []]]) => {
    const block = { gx, gz: gx }
    const z = enclosed(block, x, applied(mapOf(block).forward, x))
    return distance(z.value, x) <= z.radius * roomForRounding
  })

  law(
    'whose gz is 0 is the residual block of gx, and whose gx is 0 the inverse of that of gz',
    [blocksAnd(1)],
    ([{ gx }, [x = []]]) => {
      const zero = zeroed(gx)
      const [forward, inverse] = [
        applied(mapOf({ gx, gz: zero }).forward, x),
        applied(mapOf({ gx: zero, gz: gx }).forward, x)
      ]
      const [plain, root] = [applied(residualOf(gx).forward, x), applied(residualOf(gx).inverse, x)]
      return identical([forward, inverse], [plain, root], { signs: false })
    }
  )

  law(
    'commutes with permutations and reflections of the coordinates, up to its radii',
    [blocksAnd(1), fc.nat(6), fc.array(fc.constantFrom(1, -1), { minLength: 4, maxLength: 4 })],
    ([block, [x = []]], seed, reflections) => {
      const order = x.map((_, i) => i).sort((a, b) => ((a * 5 + seed) % 7) - ((b * 5 + seed) % 7))
      const odd = !block.gx.leading && !block.gz.leading
      const turn: Turn = { order, signs: order.map((_, i) => (odd ? (reflections[i] as number) : 1)) }
      const turned = { gx: conjugated(block.gx, turn), gz: conjugated(block.gz, turn) }
      const z = enclosed(block, x, applied(mapOf(block).forward, x))
      const px = moved(turn, x)
      const pz = enclosed(turned, px, applied(mapOf(turned).forward, px))
      return distance(moved(turn, z.value), pz.value) <= (z.radius + pz.radius) * roomForRounding
    }
  )

  law(
    'halves are strongly accretive: <dx + dg, dx> >= (1 - c) |dx|^2',
    [fc.integer({ min: 1, max: 5 }).chain(d => fc.tuple(nets(d), points(d), points(d)))],
    ([g, x, y]) => {
      const dx = sub(fromArray(x), fromArray(y))
      const dot = bounded(sum(mul(sub(half(g, fromArray(x)), half(g, fromArray(y))), dx)))
      const square = distance(x, y) ** 2
      return (dot.values[0] as number) + (dot.errors[0] as number) >= (1 - constantOfNet(g)) * square * (1 - 2 ** -45)
    }
  )

  law(
    'of linear nets solves (I + Wz) z = (I + Wx) x: its radius holds the solution in exact fractions',
    [linearProblems],
    ({ wx, wz, x }) => {
      const d = x.length
      const block = { gx: linear(wx, d), gz: linear(wz, d) }
      const identityPlus = (w: readonly number[]) =>
        x.map((_, i) => x.map((__, j) => fromNumber((w[i * d + j] as number) + (i === j ? 1 : 0))))
      const right = identityPlus(wx).map(row =>
        row.reduce((sum, entry, j) => plus(sum, times(entry, fromNumber(x[j] as number))), fromNumber(0))
      )
      const exact = solved(identityPlus(wz), right)
      const z = enclosed(block, x, applied(mapOf(block).forward, x))
      const apart = length(exact.map((zi, i) => sizeOf(minus(zi, fromNumber(z.value[i] as number)))))
      return apart <= z.radius * roomForRounding
    }
  )

  law(
    'conjugated by an orthogonal matrix is the conjugated map, up to its radii',
    [
      fc.tuple(nets(4, roundAble), nets(4, roundAble)),
      fc.array(fc.integer({ min: -640, max: 640 }), { minLength: 4, maxLength: 4 }),
      fc.array(fc.nat(15), { minLength: 1, maxLength: 4 })
    ],
    ([gx, gz], sixtyFourths, mirrors) => {
      const q = mirrors.map(reflection).reduce(product)
      const x = sixtyFourths.map(i => i / 64)
      const block = { gx: rounded(gx), gz: rounded(gz) }
      const turned = { gx: rotated(block.gx, q), gz: rotated(block.gz, q) }
      const z = enclosed(block, x, applied(mapOf(block).forward, x))
      const qx = times4(q, x)
      const qz = enclosed(turned, qx, applied(mapOf(turned).forward, qx))
      return (
        distance(times4(q, [...z.value]), qz.value) <=
        (z.radius + qz.radius + length(z.value) * 2 ** -50) * roomForRounding
      )
    }
  )

  law(
    'of nets that are shifted by b is the map shifted by b, x -> f(x - b) + b, up to its radii',
    [
      fc.tuple(nets(4, roundAble), nets(4, roundAble)),
      fc.array(fc.integer({ min: -640, max: 640 }), { minLength: 8, maxLength: 8 })
    ],
    ([gx, gz], sixtyFourths) => {
      const numbers = sixtyFourths.map(i => i / 64)
      const [x, b] = [numbers.slice(0, 4), numbers.slice(4)]
      const block = { gx: rounded(gx), gz: rounded(gz) }
      const shifted = { gx: movedBy(block.gx, b), gz: movedBy(block.gz, b) }
      const z = enclosed(block, x, applied(mapOf(block).forward, x))
      const xb = x.map((xi, i) => xi + (b[i] as number))
      const zb = enclosed(shifted, xb, applied(mapOf(shifted).forward, xb))
      const expected = Array.from(z.value, (zi, i) => zi + (b[i] as number))
      return distance(expected, zb.value) <= (z.radius + zb.radius + length(expected) * 2 ** -50) * roomForRounding
    }
  )

  it('of linear nets solves (I + Wz) z = (I + Wx) x: exact in sixteenths', () => {
    const block = { gx: linear([0.5, 0.25, 0, 0.5], 2), gz: linear([0, 0.5, -0.5, 0], 2) }
    const z = applied(mapOf(block).forward, [10, 20])
    expect(distance(z, [(20 - 15) / 1.25, (30 + 10) / 1.25])).toBeLessThan(1e-14)
  })

  it('takes parameters as expressions, so that they may be anything that can be computed', () => {
    const g: NetSample = {
      activation: 'tanh',
      leading: false,
      widths: [1, 1],
      weights: [[0.5]],
      biases: [[0]],
      betas: []
    }
    const p = parametersOf(g)
    const scaled = { ...p, layers: p.layers.map(({ weight, bias }) => ({ weight: mul(scalar(0.5), weight), bias })) }
    const block = implicit(precisely)(contractiveOf(g), contractiveOf(g))
    const [z] = numbers(block.forward({ gx: p, gz: scaled })(fromArray([1])).value) as [Float64Array]
    expect(length([1.25 * (z[0] as number) - 1.5])).toBeLessThan(1e-14)
  })
})

/** The net that is 0 everywhere. */
const zeroed = (g: NetSample): NetSample => ({
  ...g,
  activation: 'tanh',
  weights: g.weights.map(w => w.map(() => 0)),
  biases: g.biases.map(b => b.map(() => 0))
})

/** A permutation of the coordinates followed by changes of sign. */
interface Turn {
  readonly order: readonly number[]
  readonly signs: readonly number[]
}

const moved = ({ order, signs }: Turn, x: ArrayLike<number>): readonly number[] =>
  order.map((from, i) => (signs[i] as number) * (x[from] as number))

/** The net that does to turned points what g does to points: turned results. */
const conjugated = (g: NetSample, { order, signs }: Turn): NetSample => {
  const last = g.weights.length - 1
  const place = (layer: number, end: number, i: number) =>
    layer === end ? { at: order[i] as number, sign: signs[i] as number } : { at: i, sign: 1 }
  const weights = g.weights.map((w, l) => {
    const [rows, columns] = [g.widths[l + 1] as number, g.widths[l] as number]
    return Array.from({ length: rows * columns }, (_, k) => {
      const row = place(l, last, Math.floor(k / columns))
      const column = place(l, 0, k % columns)
      return row.sign * column.sign * (w[row.at * columns + column.at] as number)
    })
  })
  const biases = g.biases.map((b, l) => b.map((_, i) => place(l, last, i).sign * (b[place(l, last, i).at] as number)))
  return { ...g, weights, biases }
}
