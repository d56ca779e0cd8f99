import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { checkBlock, checkOracle } from '../../src/interop/check.js'
import { parseOracle } from '../../src/interop/oracle.js'
import type { OracleBlock, OracleNet } from '../../src/interop/oracleBlock.js'

const blocksOf = (file: string): readonly OracleBlock[] => {
  const parsed = parseOracle(file)(readFileSync(new URL(`../support/vectors/${file}`, import.meta.url), 'utf8'))
  return E.isRight(parsed) ? parsed.right.blocks : expect.fail(`${file} does not parse`)
}

describe.each(['blocks_impflow.json', 'blocks_resflow.json', 'blocks_stress.json'])('%s', file => {
  it.each(blocksOf(file).map(block => [block.name, block] as const))('%s agrees with its oracle', (_, block) => {
    const checked = checkBlock(block)
    expect(checked, JSON.stringify(checked)).toMatchObject({ ok: true, converged: true })
  })
})

describe('a check', () => {
  const [first] = blocksOf('blocks_impflow.json') as readonly [OracleBlock]

  it('says which blocks are not proved to be contractions, and uses their weights as given', () => {
    expect(
      checkOracle({ file: '', blocks: blocksOf('blocks_stress.json') })
        .filter(({ certified }) => !certified)
        .map(({ block }) => block)
    ).toEqual(['res_stress_swish_preact_d5', 'imp_stress_tanh_unproved_d3'])
  })

  const nudged = (net: OracleNet, by: number): OracleNet => ({
    ...net,
    layers: net.layers.map(({ weight, bias }, i) => ({
      weight,
      bias: i === 0 ? bias.map((b, j) => (j === 0 ? b + by : b)) : bias
    }))
  })

  it.each([
    ['z', { z: first.z.map((row, i) => (i === 0 ? row.map(x => x + 1e-9) : row)) }],
    ['the log-determinant', { logDet: first.logDet.map(x => x + 1e-9) }],
    ['the density', { logDensity: first.logDensity.map(x => x - 1e-6) }],
    ['the inverse', { inverse: first.x.map(row => row.map(x => x + 1e-6)) }],
    ['a bias', { gx: nudged(first.gx, 1e-6) }],
    ['a derivative in a bias', { gradL: { ...first.gradL, gx: nudged(first.gradL.gx, 1e-6) } }],
    ['a derivative in a point', { gradNll: { ...first.gradNll, x: first.x } }],
    ['not a number', { z: first.z.map(row => row.map(() => Number.NaN)) }]
  ] as const)('fails where %s is wrong', (_, change) => {
    expect(checkBlock({ ...first, ...change }).ok).toBe(false)
  })
})
