import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/flow/architecture.js'
import { blockLayoutOf, layoutOf, segmentsOf } from '../../src/flow/layout.js'

describe('blocks of a layout', () => {
  const three: Architecture = {
    model: 'impflow',
    dimension: 2,
    blocks: 3,
    hidden: [3],
    activation: 'sine',
    coefficient: 0.9
  }
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
