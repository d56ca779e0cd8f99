import { describe, expect, it } from 'vitest'
import { prepared } from '../../src/interpret/onnx/lower.js'
import { contractiveMlp } from '../../src/lipschitz/contractive.js'
import { exact } from '../../src/logdet/exact.js'
import { activations } from '../../src/net/activations.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { topological } from '../../src/tensor/graph.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers } from '../solve/support/certificate.js'

describe('the graph of an exact log-determinant', () => {
  const graph = (d: number): readonly Tensor[] => {
    const net = contractiveMlp({ activation: activations.sine, leading: false })
    const weight = (out: number, size: number) => ({
      weight: fromArray(new Float64Array(out * size).fill(0.5 / Math.max(out, size)), [out, size]),
      bias: fromArray(new Float64Array(out))
    })
    const g = net.net({ layers: [weight(16, d), weight(16, 16), weight(d, 16)], betas: [], norms: [] })
    return [exact(g)(fromArray(new Float64Array(d).fill(0.1)))]
  }

  it('does not grow with d', () => {
    const [two, eight, most] = [2, 8, 63].map(d => topological(graph(d)).length)
    expect(eight).toBe(two)
    expect(most).toBe(two)
  })

  it('does not grow up to 8 either as ONNX Runtime sees it, where elimination is a loop; then by halves, some nodes a block of 8', () => {
    const count = (d: number): number => topological(prepared(graph(d))).length
    const [two, four, eight, most] = [2, 4, 8, 63].map(count) as [number, number, number, number]
    expect(four).toBe(eight)
    expect(Math.max(two, eight)).toBeLessThan(100)
    expect(most).toBeLessThan(eight + 8 * 30)
  })

  it('gives the same number at d = 63 as the closed form of a Jacobian of rank one: 1 + its trace', () => {
    const { value } = numbers(graph(63)[0] as Tensor).map(([first = 0]) => ({ value: first }))[0] ?? { value: 0 }
    const tau = 2 * Math.PI
    const hidden = Math.sin(tau * 0.05) / tau
    const trace = 0.5 ** 3 * (16 / 63) * Math.cos(tau * 0.05) * Math.cos(tau * 0.5 * hidden)
    expect(value).toBeCloseTo(Math.log1p(trace), 13)
  })
})
