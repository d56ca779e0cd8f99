import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { numbersOfBlock } from '../../src/interop/checkNumbers.js'
import { parseOracle } from '../../src/interop/oracle.js'
import type { OracleBlock, OracleGradient, OracleNet } from '../../src/interop/oracleBlock.js'
import { blockKinds, drawnBlock } from '../../src/interop/vectors/drawnBlocks.js'
import {
  type BlockGradient,
  type ExactBlock,
  enclosedGradients,
  type NetGradient
} from '../../src/interop/vectors/enclosedGradients.js'
import type { Intervals } from '../../src/interpret/interval/intervals.js'

const blocksOf = (file: string): readonly OracleBlock[] => {
  const parsed = parseOracle(file)(readFileSync(new URL(`../support/vectors/${file}`, import.meta.url), 'utf8'))
  if (E.isLeft(parsed)) throw new Error(JSON.stringify(parsed.left))
  return parsed.right.blocks
}

const small = blocksOf('blocks_stress.json').filter(({ dimension }) => dimension <= 4)
const [blocks, unproved] = [false, true].map(wanted => small.filter(({ name }) => name.includes('unproved') === wanted))

/** Asserts that truths, which were rounded to float64, lie in their intervals or an ulp beside, and returns the width. */
const held = ({ lo, hi }: Intervals, truths: ArrayLike<number>, what: string, slack = 0): number => {
  expect(lo.length).toBe(truths.length)
  let widest = 0
  Array.from(truths).forEach((truth, i) => {
    const ulp = 2 ** -52 * Math.abs(truth) + 2 ** -1074
    expect(lo[i], `${what} ${i}`).toBeLessThanOrEqual(truth + ulp + slack)
    expect(hi[i], `${what} ${i}`).toBeGreaterThanOrEqual(truth - ulp - slack)
    widest = Math.max(widest, (hi[i] as number) - (lo[i] as number))
  })
  return widest / Math.max(1, ...Array.from(truths, Math.abs))
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

/** A block as `numbersOfBlock` takes it, of which no results are known. */
const withoutTruths = (block: ExactBlock & { readonly name: string; readonly x: OracleBlock['x'] }): OracleBlock => {
  const { name, dimension, activation, gx, gz, x } = block
  const unknown = { gx, gz, x }
  return {
    ...{ name, dimension, activation, gx, gz, x, z: x, inverse: undefined },
    ...{ logDet: [], logDensity: [], gradL: unknown, gradNll: unknown, smallestSingularValue: Infinity },
    leading: { gx: gx.leading, gz: gx.leading }
  }
}

const netArraysOf = ({ layers, betas }: NetGradient): readonly Intervals[] => [
  ...layers.flatMap(({ weight, bias }) => [weight, bias]),
  ...betas
]

const arraysOf = ({ gx, gz, x }: BlockGradient): readonly Intervals[] => [
  ...netArraysOf(gx),
  ...(gz === undefined ? [] : netArraysOf(gz)),
  x
]

const ends = ({ lo, hi }: Intervals): readonly [number, number] => [lo[0] as number, hi[0] as number]

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

  it.each(
    [...blocksOf('blocks_impflow.json'), ...blocksOf('blocks_resflow.json')]
      .filter(({ dimension }) => dimension <= 3)
      .map(block => [block.name, block] as const)
  )('hold what another program computed in float64, up to its errors: %s', (_, block) => {
    const found = enclosedGradients(exactBlockOf(block))(block.x)
    held(found.z, block.z.flat(), 'z', 1e-12)
    held(found.logDet, block.logDet, 'ln |det|', 1e-11)
    held(found.logDensity, block.logDensity, 'ln p', 1e-11)
  })

  it.each(blockKinds.map((_, index) => [drawnBlock(0, index).name, index] as const))(
    'tell this program from one that omits a net: %s',
    (_, index) => {
      const block = drawnBlock(0, index)
      const proved = enclosedGradients(block)(block.x)
      const numbers = numbersOfBlock(withoutTruths(block))
      held(proved.z, numbers.z, 'z', 1e-12)
      held(proved.logDet, numbers.logDet, 'ln |det|', 1e-11)
      arraysOf(proved.gradNll).forEach((array, k) => {
        const values = numbers.gradNll[k] as Float64Array
        held(array, values, `gradient ${k}`, 1e-9 * Math.max(...Array.from(values, Math.abs)))
      })
      const { gz, ...residual } = block
      if (gz === undefined) return
      const wrong = numbersOfBlock(withoutTruths(residual))
      for (const [intervals, values] of [
        [proved.z, wrong.z],
        [proved.logDet, wrong.logDet]
      ] as const)
        expect(() => held(intervals, values, 'wrong', 1e-6)).toThrow()
    }
  )

  it('are far from 0 in steep blocks, on the side of the net that is steep', () => {
    blockKinds.forEach(({ steep, coefficient }, index) => {
      const block = drawnBlock(0, index)
      if (steep === undefined) return
      const [lo, hi] = ends(enclosedGradients(block)(block.x.slice(0, 1)).logDet)
      const least = 0.8 * -Math.log(1 - coefficient)
      if (steep === 'gz') expect(lo, block.name).toBeGreaterThan(least)
      else expect(hi, block.name).toBeLessThan(-least)
    })
  })

  it('are refused where a net is not proved to be a contraction', () => {
    expect(unproved).toHaveLength(1)
    for (const block of unproved ?? [])
      expect(() => enclosedGradients(exactBlockOf(block))).toThrow(/Lipschitz bound 1\.4.* not below 1/)
  })
})
