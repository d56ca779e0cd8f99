import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { boundsOf, type DenseNet } from '../../src/certificate/denseNet.js'
import type { ExactFlow, ExactPiece } from '../../src/certificate/flowEnclosures.js'
import { type Block, modelOf } from '../checker/support/fromOracle.js'
import { law } from '../support/law.js'
import { enclosed, flowAndPoint } from './support/flows.js'

const file = join(import.meta.dirname, '../support/vectors/blocks_stress.json')
const { blocks } = JSON.parse(readFileSync(file, 'utf8')) as { readonly blocks: readonly Block[] }
const netsOf = (piece: ExactPiece): readonly DenseNet[] =>
  'shift' in piece ? [] : piece.gz === undefined ? [piece.gx] : [piece.gx, piece.gz]

const provable = blocks
  .map(block => [block.name, block, modelOf(block) as unknown as ExactFlow] as const)
  .filter(([, , { blocks: pairs }]) => pairs.every(piece => netsOf(piece).every(net => boundsOf(net).lipschitz < 1)))

/** Bounds of all blocks' ln |det|: d ln((1 + cx) / (1 - cz)), and its like from below. */
const bracket = ({ dimension, blocks: pairs }: ExactFlow): readonly [number, number] => {
  const ends = pairs.map(piece => {
    if ('shift' in piece) {
      const sum = piece.logScale.reduce((a, b) => a + b, 0)
      return [sum / dimension, sum / dimension] as const
    }
    const [cx = 0, cz = 0] = netsOf(piece).map(net => boundsOf(net).lipschitz)
    return [Math.log((1 - cx) / (1 + cz)), Math.log((1 + cx) / (1 - cz))] as const
  })
  return [
    dimension * ends.reduce((sum, [low]) => sum + low, 0) - 1e-12,
    dimension * ends.reduce((sum, [, high]) => sum + high, 0) + 1e-12
  ]
}

describe('enclosures of a flow', () => {
  it('are tried on blocks with 200 bits', () => expect(provable.length).toBeGreaterThan(5))

  it.each(provable)('hold the 200-bit truth about %s, to 1e-7', (_, block, flow) => {
    const at = enclosed(flow)
    block.x.forEach((x, i) => {
      const { z, logDensity } = at(x)
      const pairs = [
        ...z.map((zi, k) => [zi, block.z[i]?.[k] as number] as const),
        [logDensity, block.logp[i] as number] as const
      ]
      for (const [{ lo, hi }, truth] of pairs) {
        expect(lo).toBeLessThanOrEqual(truth)
        expect(hi).toBeGreaterThanOrEqual(truth)
        expect(hi - lo).toBeLessThan(1e-7)
      }
    })
  })

  law('ln |det| meets its bracket from the Lipschitz bounds', [flowAndPoint()], ([flow, x]) => {
    const { lo, hi } = enclosed(flow)(x).logDet
    const [low, high] = bracket(flow)
    return hi >= low && lo <= high
  })

  law('the round trip ends within Lip(f^-1) times the width of z from the point', [flowAndPoint()], ([flow, x]) => {
    const { z, roundTrip } = enclosed(flow)(x)
    const inverse = flow.blocks.reduce(
      (product, piece) => {
        if ('shift' in piece) return product * Math.exp(-Math.min(...piece.logScale))
        const [cx = 0, cz = 0] = netsOf(piece).map(net => boundsOf(net).lipschitz)
        return (product * (1 + cz)) / (1 - cx)
      },
      Math.max(...flow.scale)
    )
    const moved = Math.hypot(...z.map(({ lo, hi }) => hi - lo))
    const away = Math.hypot(
      ...roundTrip.x.map(({ lo, hi }, i) => Math.max(lo - (x[i] as number), (x[i] as number) - hi, 0))
    )
    return away <= inverse * moved * (1 + 1e-9) + 1e-300
  })
})
