import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { numbersOfBlock } from '../../src/interop/checkNumbers.js'
import { parseOracle } from '../../src/interop/oracle.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { blocks, enclosed, exchanged, half } from '../flow/support/blocks.js'
import { constantOfNet, points } from '../net/support/nets.js'
import { distance, length, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { blockSampleOf, unknownBlock } from './support.js'

const rowsOf = (values: Float64Array, d: number): readonly Float64Array[] =>
  Array.from({ length: values.length / d }, (_, i) => values.subarray(i * d, (i + 1) * d))

const activations = ['sine', 'tanh', 'lipSwish', 'lipschitzCube', 'softplus', 'elu'] as const

/** Blocks that are hard on solvers: constants up to 0.999, up to 8 variables, inputs up to 1e3. */
const hard = fc
  .record({
    d: fc.integer({ min: 1, max: 8 }),
    activation: fc.constantFrom(...activations),
    scale: fc.constantFrom(1, 30, 330)
  })
  .chain(({ d, activation, scale }) =>
    fc.tuple(
      blocks(d, { activation, constants: [0.98, 0.999], maxWidth: 6, depth: 2 }),
      fc.array(
        points(d, { wild: false }).map(x => x.map(xi => scale * xi)),
        { minLength: 1, maxLength: 1 }
      )
    )
  )

describe('a block without an oracle', () => {
  law('is solved both ways as well as rounding allows, with a log-determinant in its bracket', [hard], ([block, x]) => {
    const d = x[0]?.length ?? 0
    const numbers = numbersOfBlock(unknownBlock(block, x))
    const [cx, cz] = [constantOfNet(block.gx), constantOfNet(block.gz)]
    const low = d * (Math.log1p(-cx) - Math.log1p(cz))
    const high = d * (Math.log1p(cx) - Math.log1p(-cz))
    const finite = [...numbers.gradL, ...numbers.gradNll].every(values => values.every(Number.isFinite))
    return (
      numbers.converged &&
      numbers.certified &&
      finite &&
      numbers.logDet.every(value => value >= low * (1 + 1e-9) && value <= high * (1 + 1e-9)) &&
      rowsOf(numbers.z, d).every((z, i) => {
        const at = x[i] as readonly number[]
        const f = sub(half(block.gz, fromArray(z)), half(block.gx, fromArray(at)))
        return length(valuesOf(f)) <= 2 ** -46 * (1 + length(z) + length(at))
      })
    )
  })
})

describe('the certificate of a computed point', () => {
  const text = readFileSync(new URL('../support/vectors/blocks_stress.json', import.meta.url), 'utf8')
  const parsed = parseOracle('blocks_stress.json')(text)
  const known = E.isRight(parsed) ? parsed.right.blocks.filter(({ gz }) => gz !== undefined) : []

  it.each(known.map(block => [block.name, block] as const))('encloses the root known to 200 bits: %s', (_, block) => {
    const sample = blockSampleOf(block)
    const { z, inverse, certified } = numbersOfBlock(block)
    if (!certified) return
    const storage = 2 ** -53 * 1.01
    rowsOf(z, block.dimension).forEach((row, i) => {
      const exact = block.z[i] as readonly number[]
      const { radius } = enclosed(sample, block.x[i] as readonly number[], row)
      expect(distance(row, exact)).toBeLessThanOrEqual(radius + storage * length(exact))
    })
    rowsOf(inverse, block.dimension).forEach((row, i) => {
      const exact = block.inverse?.[i] as readonly number[]
      const { radius } = enclosed(exchanged(sample), block.z[i] as readonly number[], row)
      expect(distance(row, exact)).toBeLessThanOrEqual(radius + storage * length(exact))
    })
  })
})
