import { expect, it } from 'vitest'
import { groupOf } from '../../../src/interpret/gpu/groups.js'
import { kernelText } from '../../../src/interpret/gpu/kernelText.js'
import { table } from '../../../src/interpret/gpu/table.js'
import { simplify } from '../../../src/rewrite/simplify.js'
import { topological } from '../../../src/tensor/graph.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { broadcastTrailing } from '../../../src/tensor/primitives/broadcast.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { sin } from '../../../src/tensor/primitives/sin.js'
import { sum } from '../../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../../src/tensor/tensor.js'

/** The kernel of an output, with everything that may be fused into it. */
const kernelOf = (output: Tensor) => {
  const [root] = simplify([output]) as [Tensor]
  const uses = new Map<Tensor, number>()
  for (const tensor of topological([root])) for (const x of tensor.inputs) uses.set(x, (uses.get(x) ?? 0) + 1)
  const { leaves, work } = groupOf(root, x => uses.get(x) === 1)
  return { ...kernelText(root, x => leaves.has(x)), work }
}

const weight = input('weight', [3, 5])
const bias = input('bias', [3])
const points = input('points', [5, 4])

it('fuses bias and activation into a product: one kernel of three arrays', () => {
  const { leaves, source, work } = kernelOf(sin(add(matmul(weight, points), broadcastTrailing(bias, 4))))
  expect(new Set(leaves)).toEqual(new Set([weight, points, bias]))
  expect(source.match(/for \(/g)).toHaveLength(1)
  expect(source).toContain('sine(')
  expect(work).toBe(3 * 4 * 5 + 2 * 3 * 4)
})

it('reads transposed operands and broadcast ones without copies', () => {
  const { leaves } = kernelOf(matmul(points, weight, { transposeA: true, transposeB: true }))
  expect(leaves).toEqual([points, weight])
})

it('computes a chain inside the sum that alone uses it', () => {
  const x = input('x', [6, 7])
  const { leaves, source } = kernelOf(sum(mul(sin(x), x), [1]))
  expect(leaves).toEqual([x])
  expect(source.indexOf('sine(')).toBeGreaterThan(source.indexOf('for ('))
})

it('gives no kernel more arrays than WebGPU has room for', () => {
  const terms = Array.from({ length: 12 }, (_, i) => sin(input(`x${i}`, [8])))
  expect(kernelOf(terms.reduce((a, b) => add(a, b))).leaves.length).toBeLessThanOrEqual(6)
})

it('is written so that gpu.js reads it as meant: braces everywhere, literal bounds, no arrow, closure, power or default', () => {
  const { source } = kernelOf(sin(add(matmul(weight, points), broadcastTrailing(bias, 4))))
  expect(source).not.toMatch(/=>|\*\*|\?\?|continue|\bif\b(?!.*\{)/)
  expect(source).toMatch(/for \(let k = 0; k < 5; k\+\+\) \{/)
})

it('offloads what computes, and leaves to reference what moves numbers or needs more than float32', () => {
  const left = Object.entries(table).flatMap(([name, { how }]) => (how === 'reference' ? [name] : []))
  expect(left).toEqual(['concat', 'logAbsDet', 'pad', 'solve'])
})
