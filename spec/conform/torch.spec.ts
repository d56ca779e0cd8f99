import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { examine } from '../../src/cli/conform/examine.js'
import { launch } from '../../src/cli/conform/peer.js'
import { parseOracle } from '../../src/interop/oracle.js'
import type { OracleBlock } from '../../src/interop/oracleBlock.js'
import { pythonWith } from './support/python.js'

const torch = pythonWith('torch')
const flow = JSON.stringify(join(import.meta.dirname, 'support/torch_flow.py'))
const text = readFileSync(join(import.meta.dirname, '../../vectors/blocks.json'), 'utf8')
const vectors = E.getOrElse((): { readonly blocks: readonly OracleBlock[] } => ({ blocks: [] }))(
  parseOracle('blocks')(text)
)

/** Laws that a flow in PyTorch fails, on some golden blocks and two random ones. */
const failedWith = async (bug: string, names: readonly string[]): Promise<readonly string[]> => {
  const { verdicts } = await examine(
    {
      start: () => launch(`${torch} ${flow} ${bug}`),
      patience: 60_000,
      interrupted: () => false,
      progress: () => undefined
    },
    { seed: 1, random: 2, golden: vectors.blocks.filter(({ name }) => names.includes(name)) }
  )
  expect(verdicts.filter(({ verdict }) => verdict === 'not run')).toEqual([])
  return verdicts.filter(({ verdict }) => verdict === 'failed').map(({ law }) => law)
}

describe.skipIf(torch === null)('a small ImpFlow in PyTorch', () => {
  it('conforms on every kind of block', async () => {
    const kinds = ['imp_sin_d2', 'imp_elu_d2', 'res_swish_d3', 'imp_stress_tanh_d3', 'imp_stress_lcube_preact_d2']
    expect(await failedWith('', kinds)).toEqual([])
  })

  const values = ['round-trip-x', 'round-trip-z', 'block-equation', 'golden-z', 'golden-inverse']

  it.each([
    ['picard', 'an iteration that stops too early', values],
    ['float32', 'roots in single precision', values]
  ])('the planted bug %s (%s) is found', async (bug, _what, laws) => {
    expect(await failedWith(bug, ['imp_swish_d2'])).toEqual(expect.arrayContaining([...laws]))
  })

  it.each([
    [
      'sign',
      'a log-determinant',
      ['log-det', 'golden-log-det', 'golden-log-prob', 'golden-gradient', 'golden-weights']
    ],
    ['detached', 'a path of the gradient', ['vjp-differences', 'golden-gradient', 'golden-weights']],
    ['base', "the density's constant", ['log-prob', 'golden-log-prob']]
  ])('the planted bug %s (%s) is found, and nothing else is blamed', async (bug, _what, laws) => {
    expect(await failedWith(bug, ['imp_swish_d2'])).toEqual(laws)
  })
})
