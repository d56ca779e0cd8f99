import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { hasAvx512 } from './machine.js'

/** The folder of the peers. */
export const peers = join(dirname(fileURLToPath(import.meta.url)), 'peers')

/** What to install for the peers in Python. */
export const pythonMissing =
  'no Python with PyTorch and NumPy on PATH (Debian: apt-get install python3-torch python3-numpy libopenblas0)'

/** The first Python with PyTorch and NumPy, and what OpenBLAS says of itself there. */
const found = (() => {
  const env = { ...process.env, OPENBLAS_VERBOSE: '2' }
  for (const command of ['python3', '/usr/bin/python3']) {
    const { status, stdout, stderr } = spawnSync(command, ['-c', 'import torch, numpy'], { encoding: 'utf8', env })
    if (status === 0) return { command, said: stdout + stderr }
  }
  return undefined
})()

/** A Python with PyTorch and NumPy; undefined where there is none. */
export const python = found?.command

/** Which of OpenBLAS's kernels NumPy and PyTorch use; undefined where they have another library. */
export type Kernels = string | undefined

/** Its kernels for processors with AVX-512. */
const wide = ['SkylakeX', 'Cooperlake', 'Sapphirerapids']

/**
 * The kernels that OpenBLAS chooses here and, where it does not know that the processor has AVX-512, being older, those that use
 * it: a comparison is with both.
 */
export const kernelChoices: readonly Kernels[] = (() => {
  if (found === undefined) return []
  const own = /^Core: (\w+)/m.exec(found.said)?.[1]
  return own !== undefined && hasAvx512 && !wide.includes(own) ? [own, wide[0]] : [own]
})()

/** A library's name with its kernels. */
export const withKernels = (name: string, kernels: Kernels): string =>
  kernels === undefined ? name : `${name}, OpenBLAS ${kernels}`

/** Threads and kernels of NumPy and PyTorch. */
export const environment = (threads: number, kernels: Kernels): NodeJS.ProcessEnv => ({
  ...process.env,
  ...(kernels === undefined ? {} : { OPENBLAS_CORETYPE: kernels }),
  OPENBLAS_NUM_THREADS: String(threads),
  OMP_NUM_THREADS: String(threads)
})

/** A running bench/peers/arrays.py: a request -> its answer. It ends with this process. */
export type ArrayServer = (request: object) => Promise<Readonly<Record<string, unknown>>>

/** Starts bench/peers/arrays.py. */
export const arrayServer = (threads: number, kernels: Kernels): ArrayServer => {
  const child = spawn(python as string, [join(peers, 'arrays.py')], {
    env: environment(threads, kernels),
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void }[] = []
  createInterface({ input: child.stdout }).on('line', line => waiting.shift()?.resolve(line))
  child.on('exit', code => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`bench/peers/arrays.py ended with ${code}`))
  })
  process.on('exit', () => child.kill())
  return async request => {
    const line = new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }))
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return JSON.parse(await line) as Record<string, unknown>
  }
}
