import fc from 'fast-check'
import { describe } from 'vitest'
import { enclosedBlock } from '../../src/certificate/blockEnclosure.js'
import type { DenseNet } from '../../src/certificate/denseNet.js'
import { type EnclosedNet, enclosedNet } from '../../src/certificate/netEnclosure.js'
import { intervalProgram } from '../../src/interpret/interval/evaluate.js'
import {
  abs,
  add,
  div,
  type Interval,
  mul,
  neg,
  point,
  power,
  sqrt,
  sub
} from '../../src/interpret/interval/interval.js'
import { exactIntervals, type Intervals, intervalAt } from '../../src/interpret/interval/intervals.js'
import { add as addTensors } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul as mulTensors } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { range } from '../../src/tensor/shape.js'
import { law } from '../support/law.js'
import { flowAndPoint } from './support/flows.js'

/** An ImpFlow block of nets whose values and slopes are enclosed. */
interface Block {
  readonly d: number
  readonly gx: EnclosedNet
  readonly gz: EnclosedNet
}

/** Blocks whose two nets are any that contract. */
const blocksAnd = (points: number) =>
  fc
    .tuple(
      flowAndPoint(3).filter(([{ blocks }]) => blocks.some(piece => 'gz' in piece)),
      fc.array(fc.integer({ min: -4000, max: 4000 }), { minLength: 3 * points, maxLength: 3 * points })
    )
    .map(([[{ dimension: d, activation, blocks }], numbers]): readonly [Block, readonly (readonly number[])[]] => {
      const piece = blocks.find(one => 'gz' in one) as { readonly gx: DenseNet; readonly gz: DenseNet }
      const nets = { gx: enclosedNet(activation, piece.gx), gz: enclosedNet(activation, piece.gz) }
      return [{ d, ...nets }, range(points).map(i => numbers.slice(3 * i, 3 * i + d).map(x => x / 1024))]
    })

const intervalsOf = (box: Intervals): readonly Interval[] => Array.from(box.lo, (_, i) => intervalAt(box, i))
const difference = (a: Intervals, b: Intervals): readonly Interval[] =>
  intervalsOf(a).map((x, i) => sub(x, intervalAt(b, i)))
const lengthOf = (v: readonly Interval[]): Interval => sqrt(v.reduce((total, x) => add(total, power(x, 2)), point(0)))

/** x + g(x), and the transposed Jacobian of g, at a point. */
const moved = (g: EnclosedNet, x: readonly number[]) => {
  const [value, slopes] = g.at(Float64Array.from(x), exactIntervals(x))
  return { value: intervalsOf(value).map((gi, i) => add(gi, point(x[i] as number))), slopes }
}

/** Whether a <= b can be: it is false of no numbers in the intervals. */
const mayBeAtMost = (a: Interval, b: Interval): boolean => a.lo <= b.hi
const meets = (a: Interval, b: Interval): boolean => mayBeAtMost(a, b) && mayBeAtMost(b, a)

const widthOf = ({ lo, hi }: Interval): number => hi - lo

describe('laws of blocks, by intervals', () => {
  law('|F| / (1 + c) <= |z - z*| <= |F| / (1 - c) at any z', [blocksAnd(2)], ([{ d, gx, gz }, [x = [], z = []]]) => {
    const root = enclosedBlock(gx, gz, d)(exactIntervals(x)).value
    const image = moved(gx, x).value
    const size = lengthOf(moved(gz, z).value.map((v, i) => sub(v, image[i] as Interval)))
    const away = lengthOf(difference(exactIntervals(z), root))
    const c = point(gz.lipschitz)
    return (
      widthOf(away) < 1e-6 &&
      mayBeAtMost(size, mul(add(point(1), c), away)) &&
      mayBeAtMost(mul(sub(point(1), c), away), size)
    )
  })

  law(
    'distances stretch within (1 - c_x) / (1 + c_z) and (1 + c_x) / (1 - c_z)',
    [blocksAnd(2)],
    ([{ d, gx, gz }, [x = [], y = []]]) => {
      const block = enclosedBlock(gx, gz, d)
      const apart = lengthOf(difference(block(exactIntervals(x)).value, block(exactIntervals(y)).value))
      const before = lengthOf(difference(exactIntervals(x), exactIntervals(y)))
      const [one, cx, cz] = [point(1), point(gx.lipschitz), point(gz.lipschitz)]
      return (
        mayBeAtMost(mul(sub(one, cx), before), mul(add(one, cz), apart)) &&
        mayBeAtMost(mul(sub(one, cz), apart), mul(add(one, cx), before))
      )
    }
  )

  law(
    'ln det (I + J) is within the tail bounds of the power series, for 0 to 12 terms',
    [blocksAnd(1)],
    ([{ d, gx }, [x = []]]) => {
      const c = point(gx.lipschitz)
      const j = input('J', [d, d])
      const powers = range(12).reduce((found, _, k) => (k === 0 ? [j] : [...found, matmul(found[k - 1] ?? j, j)]), [j])
      const traces = powers.map(m => sum(mulTensors(m, eye(d))))
      const [logDet, ...values] = intervalProgram(
        [j],
        [logAbsDet(addTensors(eye(d), j)), ...traces]
      )([moved(gx, x).slopes]).map(all => intervalAt(all, 0)) as [Interval, ...Interval[]]
      let partial = point(0)
      return range(13).every(n => {
        if (n > 0) {
          const term = div(values[n - 1] as Interval, point(n))
          partial = n % 2 === 1 ? add(partial, term) : sub(partial, term)
        }
        const tail = div(mul(point(d), power(c, n + 1)), mul(point(n + 1), sub(point(1), c)))
        return mayBeAtMost(abs(sub(logDet, partial)), tail)
      })
    }
  )

  law(
    'ln |det| of two halves is that of the product of their matrices, and that of the inverse the negative',
    [blocksAnd(1)],
    ([{ d, gx, gz }, [x = []]]) => {
      const { value: z, logDet } = enclosedBlock(gx, gz, d)(exactIntervals(x))
      const back = enclosedBlock(gz, gx, d)(z)
      const slopesAtRoot = gz.at(
        Float64Array.from(z.lo, (lo, i) => (lo + (z.hi[i] as number)) / 2),
        z
      )[1]
      const [a, b] = [input('Jx', [d, d]), input('Jz', [d, d])]
      const product = matmul(addTensors(eye(d), a), addTensors(eye(d), b))
      const [whole, half] = intervalProgram(
        [a, b],
        [logAbsDet(product, { kind: 'general' }), logAbsDet(addTensors(eye(d), b), { kind: 'general' })]
      )([moved(gx, x).slopes, slopesAtRoot]).map(all => intervalAt(all, 0)) as [Interval, Interval]
      return (
        widthOf(logDet) < 1e-5 &&
        meets(logDet, sub(whole, mul(point(2), half))) &&
        meets(logDet, neg(back.logDet)) &&
        intervalsOf(back.value).every((xi, i) => xi.lo <= (x[i] as number) && (x[i] as number) <= xi.hi)
      )
    }
  )
})
