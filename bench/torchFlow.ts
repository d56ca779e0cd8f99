import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { dump } from 'npyjs'
import { must } from '../spec/support/must.js'
import { readPoints } from '../src/data/file.js'
import { toNpy } from '../src/data/npy.js'
import type { Points } from '../src/data/points.js'
import type { Architecture } from '../src/flow/architecture.js'
import { layoutOf } from '../src/flow/layout.js'
import type { Precision } from '../src/interpret/backend.js'
import type { Subject } from './comparison.js'
import { environment, type Kernels, kernelChoices, peers, python, withKernels } from './python.js'

/** What the frozen PyTorch implementation does. */
export type TorchCommand = 'step' | 'density' | 'sample'

/** Its name of every array of a flow's weights, in the order of our layout. */
const keysOf = (architecture: Architecture): readonly string[] =>
  layoutOf(architecture).segments.map(
    ({ net, kind, layer }) =>
      `${net % 2 === 0 ? 'gx' : 'gz'}${Math.floor(net / 2)}.${kind === 'weight' ? 'W' : 'b'}${layer}`
  )

const weightsFile = (architecture: Architecture, effective: Float64Array): Uint8Array => {
  const keys = keysOf(architecture)
  const arrays = layoutOf(architecture).segments.map(({ offset, shape }, i) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return [`${keys[i]}.npy`, new Uint8Array(dump(effective.slice(offset, offset + size), [...shape]))] as const
  })
  return zipSync(Object.fromEntries(arrays))
}

/** How bench/peers/impflow_torch.py computes. */
export interface TorchSetting {
  readonly precision: Precision
  readonly threads: number
  /** OpenBLAS's own choice unless told. */
  readonly kernels?: Kernels
}

/** It as a subject, in both precisions on some threads, and on one thread with every choice of OpenBLAS's kernels. */
export const torchSubjects = (
  threadsOf: (precision: Precision) => readonly number[],
  subject: (setting: TorchSetting) => Pick<Subject, 'answer' | 'measure'>
): readonly Subject[] =>
  (['float32', 'float64'] as const).flatMap(precision =>
    kernelChoices.flatMap((kernels, choice) =>
      threadsOf(precision)
        .filter(threads => choice === 0 || threads === 1)
        .map(threads => {
          const name = withKernels('PyTorch', kernels)
          return { name, precision, threads, ...subject({ precision, threads, kernels }) }
        })
    )
  )

const run = (args: readonly string[], { threads, kernels }: TorchSetting): Readonly<Record<string, number>> => {
  const all = [join(peers, 'impflow_torch.py'), ...args, '--threads', String(threads)]
  const done = spawnSync(python as string, all, { encoding: 'utf8', env: environment(threads, kernels) })
  if (done.status !== 0) throw new Error(done.stderr)
  return JSON.parse(done.stdout.trim().split('\n').at(-1) as string) as Record<string, number>
}

const flags = ({ dimension, blocks, hidden, coefficient }: Architecture, precision: Precision): readonly string[] => [
  ...['--dim', String(dimension), '--blocks', String(blocks), '--hidden', hidden.join(',')],
  ...['--coeff', String(coefficient), '--dtype', precision]
]

/** Weights, and points or noise, in a folder that is deleted afterwards. */
const within = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'impflow-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * What bench/peers/impflow_torch.py comes to with given weights: of a step the loss and its gradients in the order of our
 * layout, of a density ln p, of a sample the points. Roots to its defaults: 1e-6 in float32, 1e-13 in float64.
 */
export const torchAnswer = (
  command: TorchCommand,
  architecture: Architecture,
  effective: Float64Array,
  points: Points,
  setting: TorchSetting
): Promise<readonly ArrayLike<number>[]> =>
  within(async folder => {
    const [weights, at, out] = ['w.npz', 'p.npy', 'o.npz'].map(name => join(folder, name)) as [string, string, string]
    writeFileSync(weights, weightsFile(architecture, effective))
    writeFileSync(at, toNpy(points))
    const given = ['--weights', weights, '--points', at, '--out', out]
    const { loss } = run([command, ...given, ...flags(architecture, setting.precision)], setting)
    const read = async (key: string): Promise<Float64Array> => (await must(readPoints(`${out}:${key}`))).values
    if (command === 'density') return [await read('logp')]
    if (command === 'sample') return [await read('x')]
    const gradients: Float64Array[] = []
    for (const key of keysOf(architecture)) gradients.push(await read(`grad.${key}`))
    return [[loss as number], ...gradients]
  })

/** Times of bench/peers/impflow_torch.py with given weights: milliseconds, and peak memory in MiB. */
export const torchTimes = (
  command: TorchCommand,
  architecture: Architecture,
  effective: Float64Array,
  how: TorchSetting & { readonly batch: number; readonly steps: number; readonly stochastic?: boolean }
): Promise<{ readonly ms: number; readonly peakMiB: number }> =>
  within(async folder => {
    const weights = join(folder, 'w.npz')
    writeFileSync(weights, weightsFile(architecture, effective))
    const { msPerStep, peakRssMB } = run(
      [
        ...[command, '--weights', weights, '--batch', String(how.batch), '--steps', String(how.steps)],
        ...flags(architecture, how.precision),
        // Training stops at 1e-6 in either precision, as ours does.
        ...(command === 'step' ? ['--tol', '1e-6'] : []),
        ...(how.stochastic === true ? ['--stochastic'] : [])
      ],
      how
    )
    return { ms: msPerStep as number, peakMiB: peakRssMB as number }
  })
