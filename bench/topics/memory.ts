import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freshModel, paperArchitecture } from '../cases.js'
import type { Comparison, Size, Subject } from '../comparison.js'
import { python, pythonMissing } from '../python.js'
import { torchTimes } from '../torchFlow.js'

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'peak.ts')

const peakOf = (...args: readonly string[]): number => {
  const done = spawnSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(done.stderr)
  return Number(done.stdout.trim().split('\n').at(-1))
}

/** Peak memory of processes that take training steps or compute densities, everything included. */
export const memory = async (size: Size): Promise<readonly Comparison[]> => {
  const blocks = size === 'tiny' ? 1 : 4
  const architecture = { ...paperArchitecture, blocks }
  const effective = Float64Array.from((await freshModel(architecture)).effective)
  const comparison = (what: 'step' | 'density', batch: number): Comparison => {
    const subject = (name: string, threads: number, peak: () => number | Promise<number>): Subject => ({
      name,
      precision: 'float32',
      threads,
      answer: () => Promise.resolve([]),
      measure: async () => [await peak()]
    })
    const subjects = [1, 2].map(threads =>
      subject('impflow, onnx', threads, () => peakOf(what, String(batch), String(threads), String(blocks)))
    )
    if (python !== undefined)
      subjects.push(
        subject('PyTorch', 1, async () => {
          const how = { batch, steps: 5, precision: 'float32', threads: 1 } as const
          return (await torchTimes(what, architecture, effective, how)).peakMiB
        })
      )
    return {
      name: `${what === 'step' ? 'training steps' : 'density'} of ${batch.toLocaleString('en-US')} points`,
      unit: 'MiB',
      subjects,
      missing: python === undefined ? [`PyTorch: ${pythonMissing}`] : []
    }
  }
  if (size === 'tiny') return [comparison('step', 8)]
  return [comparison('step', 500), comparison('step', 5000), comparison('density', 10_000)]
}
