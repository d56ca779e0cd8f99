import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EnclosedBlock, enclosedBlock } from '../../src/certificate/blockEnclosure.js'
import { standardNormal } from '../../src/certificate/flowEnclosures.js'
import { enclosedNet } from '../../src/certificate/netEnclosure.js'
import { add, div, exp, type Interval, mul, point, sub } from '../../src/interpret/interval/interval.js'
import { type Intervals, intervalAt } from '../../src/interpret/interval/intervals.js'
import { range } from '../../src/tensor/shape.js'
import { type NetSample, nets } from '../net/support/nets.js'
import { law } from '../support/law.js'

/** A block of the line, and proved bounds of its slope: m <= f' <= M. */
interface Line {
  readonly block: EnclosedBlock
  readonly least: Interval
  readonly most: Interval
}

const lineOf = ([gx, gz]: readonly [NetSample, NetSample]): Line => {
  const [x, z] = [gx, gz].map(({ activation, leading, weights, biases, betas, widths }) =>
    enclosedNet(activation, {
      leading,
      betas,
      layers: weights.map((flat, i) => ({
        weight: range(widths[i + 1] as number).map(row => {
          const columns = widths[i] as number
          return flat.slice(row * columns, (row + 1) * columns)
        }),
        bias: biases[i] as readonly number[]
      }))
    })
  ) as [ReturnType<typeof enclosedNet>, ReturnType<typeof enclosedNet>]
  const one = point(1)
  const [cx, cz] = [point(x.lipschitz), point(z.lipschitz)]
  return {
    block: enclosedBlock(x, z, 1),
    least: div(sub(one, cx), add(one, cz)),
    most: div(add(one, cx), sub(one, cz))
  }
}

const box = (lo: number, hi: number): Intervals => ({
  shape: [1],
  lo: Float64Array.of(lo),
  hi: Float64Array.of(hi)
})

/**
 * The mass that x to R or R to infinity can have beyond an end where the noise is z, |z| >= 1: the density falls at least as
 * M phi(z + m t), so at most M / m phi(z) / |z| of it is there.
 */
const beyond = ({ least, most }: Line, z: Interval): Interval => {
  const away = z.lo > 0 ? z : { lo: -z.hi, hi: -z.lo }
  if (!(away.lo >= 1)) return { lo: 0, hi: Infinity }
  const density = exp(standardNormal(box(away.lo, away.lo)))
  return { lo: 0, hi: mul(div(most, least), div(density, point(away.lo))).hi }
}

/** An interval that holds the mass of the density that a block makes of the standard normal, by cells of the line. */
const massOf = (line: Line, sign: 1 | -1 = 1): Interval => {
  const end = Math.min(64, 8 / line.least.lo)
  // cells are narrow where the density can change fast: near the middle
  const count = 800
  const edge = (i: number): number => end * Math.sin((Math.PI / 2) * (i / (count / 2) - 1)) ** 3
  const cells = range(count).map(i => box(edge(i), edge(i + 1)))
  const inside = cells.reduce<Interval>((sum, cell) => {
    const { value, logDet } = line.block(cell)
    const log = sign === 1 ? add(standardNormal(value), logDet) : sub(standardNormal(value), logDet)
    return add(sum, mul(exp(log), sub(point(cell.hi[0] as number), point(cell.lo[0] as number))))
  }, point(0))
  const ends = [edge(0), edge(count)].map(x => intervalAt(line.block(box(x, x)).value, 0))
  return ends.reduce((sum, z) => add(sum, beyond(line, z)), inside)
}

const smooth = nets(1, { constants: [0.1, 0.5, 0.8], maxWidth: 4, depth: 2, smooth: true })

describe('the density of a block of the line', () => {
  law(
    'has the mass 1, by intervals over cells and a bound of the tails',
    [fc.tuple(smooth, smooth)],
    pair => {
      const { lo, hi } = massOf(lineOf(pair))
      return lo <= 1 && 1 <= hi && hi - lo < 0.5
    },
    { cases: 6 }
  )

  it('has another one if the sign of the log-determinant is wrong', () => {
    const steep = (weight: number): NetSample => ({
      activation: 'identity',
      leading: false,
      widths: [1, 1],
      weights: [[weight]],
      biases: [[0]],
      betas: []
    })
    const line = lineOf([steep(0.5), steep(0)])
    const right = massOf(line)
    expect(right.lo).toBeLessThanOrEqual(1)
    expect(right.hi).toBeGreaterThanOrEqual(1)
    expect(massOf(line, -1).hi).toBeLessThan(0.6)
  })
})
