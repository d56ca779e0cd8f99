import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Model } from '../../../src/distribution/model.js'
import { toTorchModule } from '../../../src/interop/export/torchModule.js'
import { fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'
import { densitiesOf, furthest, imported, samplesOf } from '../pytorch/support.js'

/** A Python that has PyTorch: the one on the path, or the system's, as Debian's python3-torch is for that one. */
const python = ['python3', '/usr/bin/python3'].find(command => spawnSync(command, ['-c', 'import torch']).status === 0)
const required = process.env.IMPFLOW_REQUIRE_TORCH === '1'
if (python === undefined && !required)
  console.warn('NOT RUN: exported PyTorch modules were not compared. Needs PyTorch: apt-get install python3-torch')

/** Every activation, both kinds of blocks, ActNorms, leading activations, weights without a certificate. */
const files = [
  'ck_imp_sin',
  'ck_tabular_swish_d6',
  'made_imp_tanh_awkward',
  'made_imp_swish_leading',
  'made_res_elu_line',
  'made_res_lcube_half',
  'made_imp_softplus_brain',
  'made_res_linear',
  'made_imp_uncertified'
]

const withUnits: Model = {
  ...imported('ck_imp_sin.pth').model,
  asGiven: false,
  standardisation: { mean: [3, -2], scale: [0.5, 4] }
}

const models: readonly (readonly [string, Model])[] = [
  ...files.map(name => [name, imported(`${name}.pth`).model] as const),
  ['standardised', withUnits]
]

const rows = ({ architecture: { dimension } }: Model, seed: number): readonly (readonly number[])[] => {
  const values = normal(fromSeed(seed))(7 * dimension)
  return Array.from({ length: 7 }, (_, i) => Array.from(values.subarray(i * dimension, (i + 1) * dimension)))
}

const textOf = (model: Model): string => {
  const text = toTorchModule(model)
  if (E.isLeft(text)) throw new Error(text.left.net)
  return text.right
}

interface Result {
  readonly z: readonly (readonly number[])[]
  readonly logDensity: readonly number[]
  readonly samples: readonly (readonly number[])[]
  readonly converged: boolean
  readonly nanAlone: readonly [boolean, number]
  readonly gradientError: number
  readonly float32: readonly string[]
}

/** All modules in one process. */
const run = (): readonly Result[] => {
  const folder = mkdtempSync(join(tmpdir(), 'impflow-torch-'))
  const jobs = models.map(([name, model]) => {
    const path = join(folder, `${name}.py`)
    writeFileSync(path, textOf(model))
    return { path, x: rows(model, 1), noise: rows(model, 2) }
  })
  const script = join(import.meta.dirname, 'run_modules.py')
  const { stdout, stderr, status } = spawnSync(python ?? 'python3', [script], { input: JSON.stringify(jobs) })
  rmSync(folder, { recursive: true })
  if (status !== 0) throw new Error(String(stderr))
  return JSON.parse(String(stdout)) as readonly Result[]
}

describe('a PyTorch module', () => {
  it('is text that holds nothing but the model', () => {
    const text = textOf(withUnits)
    expect(text.match(/^import .*$/gm)).toEqual(['import base64', 'import math', 'import sys', 'import torch'])
    expect(text).toContain('MEAN = [3, -2]')
    expect(text.endsWith('\n')).toBe(true)
  })

  it.runIf(python !== undefined || required)(
    'computes what the reference does, both ways, and its gradients are those of what it computes',
    async () => {
      expect(python, 'PyTorch is required here: apt-get install python3-torch').toBeDefined()
      const results = run()
      expect(results).toHaveLength(models.length)
      for (const [i, [name, model]] of models.entries()) {
        const found = results[i] as Result
        const { logDensity, latents } = await densitiesOf(model, rows(model, 1))
        // The module polishes roots of |F| <= 1e-12 (1 + |z|) by one more step of Newton's, so 1e-9 leaves room for
        // contraction constants up to 0.999.
        expect(furthest(logDensity, found.logDensity), name).toBeLessThan(1e-9)
        expect(furthest(latents, found.z.flat()), name).toBeLessThan(1e-9)
        const samples = await samplesOf(model, rows(model, 2))
        expect(furthest(samples, found.samples.flat()), name).toBeLessThan(1e-9)
        expect(found.converged, name).toBe(true)
        expect(found.nanAlone[1], name).toBeLessThan(1e-12)
        expect(found.gradientError, name).toBeLessThan(1e-6)
        expect(found.float32, name).toEqual(['torch.float32', 'torch.float32'])
      }
    }
  )
})
