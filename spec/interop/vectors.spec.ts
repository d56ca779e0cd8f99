import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { parseOracle } from '../../src/interop/oracle.js'
import type { OracleBlock, OracleGradient, OracleNet } from '../../src/interop/oracleBlock.js'
import {
  type BlockGradient,
  type ExactBlock,
  enclosedGradients,
  type NetGradient
} from '../../src/interop/vectors/enclosedGradients.js'
import type { Intervals } from '../../src/interpret/interval/intervals.js'

const text = readFileSync(new URL('../support/vectors/blocks_stress.json', import.meta.url), 'utf8')
const parsed = parseOracle('blocks_stress.json')(text)
if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
const small = parsed.right.blocks.filter(({ dimension }) => dimension <= 4)
const [blocks, unproved] = [false, true].map(wanted => small.filter(({ name }) => name.includes('unproved') === wanted))

/** Asserts that truths, which were rounded to float64, lie in their intervals or an ulp beside, and returns the width. */
const held = ({ lo, hi }: Intervals, truths: readonly number[], what: string): number => {
  expect(lo.length).toBe(truths.length)
  let widest = 0
  truths.forEach((truth, i) => {
    const ulp = 2 ** -52 * Math.abs(truth) + 2 ** -1074
    expect(lo[i], `${what} ${i}`).toBeLessThanOrEqual(truth + ulp)
    expect(hi[i], `${what} ${i}`).toBeGreaterThanOrEqual(truth - ulp)
    widest = Math.max(widest, (hi[i] as number) - (lo[i] as number))
  })
  return widest / Math.max(1, ...truths.map(Math.abs))
}

const netHeld = (found: NetGradient, truth: OracleNet, what: string): number =>
  Math.max(
    ...truth.layers.flatMap(({ weight, bias }, i) => [
      held(found.layers[i]?.weight as Intervals, weight.flat(), `${what} weight ${i}`),
      held(found.layers[i]?.bias as Intervals, bias, `${what} bias ${i}`)
    ]),
    ...truth.betas.map((beta, i) => held(found.betas[i] as Intervals, [beta], `${what} beta ${i}`))
  )

const gradientHeld = (found: BlockGradient, truth: OracleGradient, what: string): number =>
  Math.max(
    netHeld(found.gx, truth.gx, `${what} gx`),
    truth.gz === undefined ? 0 : netHeld(found.gz as NetGradient, truth.gz, `${what} gz`),
    held(found.x, truth.x.flat(), `${what} x`)
  )

const exactBlockOf = ({ dimension, activation, leading, gx, gz }: OracleBlock): ExactBlock => ({
  dimension,
  activation,
  gx: { leading: leading.gx, ...gx },
  ...(gz === undefined ? {} : { gz: { leading: leading.gz, ...gz } })
})

describe('enclosures of a block', () => {
  it.each((blocks ?? []).map(block => [block.name, block] as const))('hold what 200 bits say of %s', (_, block) => {
    const found = enclosedGradients(exactBlockOf(block))(block.x)
    const widths = [
      held(found.z, block.z.flat(), 'z'),
      held(found.logDet, block.logDet, 'ln |det|'),
      held(found.logDensity, block.logDensity, 'ln p'),
      gradientHeld(found.gradL, block.gradL, 'gradient of L'),
      gradientHeld(found.gradNll, block.gradNll, 'gradient of the negative log-likelihood')
    ]
    expect(Math.max(...widths)).toBeLessThanOrEqual(1e-6)
  })

  it('are refused where a net is not proved to be a contraction', () => {
    expect(unproved).toHaveLength(1)
    for (const block of unproved ?? [])
      expect(() => enclosedGradients(exactBlockOf(block))).toThrow(/Lipschitz bound 1\.4.* not below 1/)
  })
})
