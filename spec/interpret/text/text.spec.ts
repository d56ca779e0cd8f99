import { describe, expect, it } from 'vitest'
import { dot } from '../../../src/interpret/text/dot.js'
import { listing } from '../../../src/interpret/text/listing.js'
import { composed, compositions } from '../../../src/laws/compositions.js'
import { tensorOf } from '../../../src/laws/samples.js'
import { simplify } from '../../../src/rewrite/simplify.js'
import { root } from '../../../src/solve/root.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'
import { topological } from '../../../src/tensor/graph.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { iterate } from '../../../src/tensor/primitives/iterate.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { sub } from '../../../src/tensor/primitives/sub.js'
import { sum } from '../../../src/tensor/primitives/sum.js'
import { tanh } from '../../../src/tensor/primitives/tanh.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { law } from '../../support/law.js'

describe('listing', () => {
  it('has a line a tensor, with names, parameters and shapes', () => {
    const x = input('x', [2, 3])
    const y = sum(matmul(x, x, { transposeB: true }), [1])
    expect(listing([mul(y, fromArray([1, -0]))]).split('\n')).toEqual([
      'x = input [2 3]',
      't0 = matmul transposeB x x [2 2]',
      't1 = sum axes=[1] t0 [2]',
      't2 = constant (1 -0) [2]',
      't3 = mul t1 t2 [2]',
      'return t3'
    ])
  })

  it('abbreviates constants, and keeps inputs of one name apart', () => {
    const [a, b] = [input('x', [7]), input('x', [7])]
    expect(listing([add(add(a, b), fromArray([1, 2, 3, 4, 5, 6, 1 / 3]))])).toBe(
      [
        'x = input [7]',
        'x_1 = input [7]',
        't0 = add x x_1 [7]',
        't1 = constant (1 2 3 ...) [7]',
        't2 = add t0 t1 [7]',
        'return t2'
      ].join('\n')
    )
  })

  it('indents the bodies of iterations and roots', () => {
    const x = input('x', [])
    const [z] = iterate({
      names: ['z'],
      start: [x],
      limit: 5,
      going: () => scalar(1),
      step: v => [tanh(mul(v as unknown as Tensor, x))]
    })
    const lines = listing(simplify([z as Tensor])).split('\n')
    expect(lines).toContain('  for z [], c0 = x')
    expect(lines.filter(line => line.startsWith('  ')).some(line => line.includes('tanh'))).toBe(true)
    const r = root(v => sub(add(v, mul(0.5, tanh(v))), x), { start: x, contraction: 0.5 })
    expect(listing([r])).toContain('root solver=broyden tolerance=1e-14 limit=500 x t0 x []')
  })

  law('names every tensor before it is used', [compositions({ smoothly: false })], composition => {
    const lines = listing([composed(composition)(composition.arguments.map(tensorOf))]).split('\n')
    const named = new Set<string>()
    for (const line of lines.slice(0, -1)) {
      const [name = '', right = ''] = line.split(' = ')
      for (const used of right.match(/\bt\d+\b/g) ?? []) if (!named.has(used)) throw new Error(`${used} in ${line}`)
      named.add(name)
    }
    return true
  })
})

describe('dot', () => {
  law('draws every tensor once, and an edge for every argument', [compositions({ smoothly: false })], composition => {
    const y = composed(composition)(composition.arguments.map(tensorOf))
    const lines = dot([y]).split('\n')
    const all = topological([y])
    const edges = all.reduce((count, x) => count + x.inputs.length, 0)
    expect(lines.filter(line => line.includes('[label=')).length).toBe(all.length)
    expect(lines.filter(line => line.includes(' -> ')).length).toBe(edges)
    expect([lines[0], lines.at(-1)]).toEqual(['digraph expression {', '}'])
    return true
  })

  it('puts bodies into clusters and joins what they capture', () => {
    const x = input('say "x"', [])
    const r = root(v => sub(add(v, mul(0.5, tanh(v))), x), { start: x, contraction: 0.5 })
    const text = dot([r])
    expect(text).toContain('subgraph "cluster t1" {')
    expect(text).toContain('"say \\"x\\"" -> "c0" [style=dotted];')
    expect(text.split('{').length).toBe(text.split('}').length)
  })
})
