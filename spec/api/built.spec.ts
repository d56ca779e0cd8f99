import { describe, expect, it } from 'vitest'
import * as api from '../../src/index.js'
import { inPlainNode } from './plainNode.js'

describe('the built package in plain node', () => {
  it('exports what src/index.ts does', () => {
    const names = inPlainNode("import * as api from 'impflow'; console.log(JSON.stringify(Object.keys(api)))")
    expect(names).toEqual(Object.keys(api).sort())
  })

  it('differentiates, finds roots, and evaluates a flow both ways', () => {
    const numbers = inPlainNode(`
      import { activations, broyden, contractiveMlp, exactLogDet, fromArray, fromNested, grad, implicit, logProb, mul,
        root, sample, scalar, sin, sub, toArray, toNested } from 'impflow'
      const method = { logDet: exactLogDet, solver: broyden(), tolerance: 1e-14 }
      const net = contractiveMlp({ activation: activations.sine, leading: false })
      const parameters = { layers: [
        { weight: fromNested([[0.3, -0.2], [0.1, 0.4]]), bias: fromArray([0.1, 0.2]) },
        { weight: fromNested([[0.5, 0.1], [-0.2, 0.3]]), bias: fromArray([0, 0.1]) }
      ], betas: [], norms: [scalar(0.6), scalar(0.7)] }
      const flow = implicit(method)(net, net)
      const p = { gx: parameters, gz: parameters }
      const x = fromArray([0.7, -1.1])
      const { z, logDensity } = logProb(flow)(p)(x)
      const half = y => root(r => sub(mul(2, r), y), { start: scalar(0), contraction: 0.999 })
      console.log(JSON.stringify({
        slope: toNested(grad(sin)(scalar(0))),
        implicitSlope: toNested(grad(half)(scalar(3))),
        back: Array.from(toArray(sample(flow)(p)(z))),
        logDensity: toNested(logDensity),
        normal: -0.5 * Array.from(toArray(x)).reduce((s, t) => s + t * t, 0) - Math.log(2 * Math.PI)
      }))
    `) as Readonly<Record<string, number>> & { readonly back: readonly number[] }
    expect(numbers.slope).toBe(1)
    expect(numbers.implicitSlope).toBeCloseTo(0.5, 12)
    expect(numbers.back[0]).toBeCloseTo(0.7, 12)
    expect(numbers.back[1]).toBeCloseTo(-1.1, 12)
    expect(numbers.logDensity).toBeCloseTo(numbers.normal as number, 12)
  })

  it('compiles for both backends', () => {
    const results = inPlainNode(`
      import { input, mul, onnxBackend, referenceBackend, sin } from 'impflow'
      const x = input('x', [3])
      const results = await Promise.all([referenceBackend, onnxBackend('float64')].map(async backend => {
        const compiled = await backend.compile([x], [mul(2, sin(x))])()
        if (compiled._tag === 'Left') return compiled.left.tag
        const run = await compiled.right([Float64Array.of(0, 1, 2)])()
        return Array.from(run.right[0])
      }))
      console.log(JSON.stringify(results))
    `) as readonly (readonly number[] | string)[]
    const exact = [0, 1, 2].map(t => expect.closeTo(2 * Math.sin(t), 12))
    expect(results[0]).toEqual(exact)
    expect([exact, 'OnnxUnavailable']).toContainEqual(results[1])
  })
})
