import { spawn, spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The folder of the peers. */
export const peers = join(dirname(fileURLToPath(import.meta.url)), 'peers')

/** What to install for the peers in Python. */
export const pythonMissing =
  'no Python with PyTorch and NumPy on PATH (Debian: apt-get install python3-torch python3-numpy libopenblas0)'

/** A Python with PyTorch and NumPy; undefined where there is none. */
export const python = ['python3', '/usr/bin/python3'].find(
  command => spawnSync(command, ['-c', 'import torch, numpy']).status === 0
)

/** Threads of NumPy and PyTorch. */
export const environment = (threads: number): NodeJS.ProcessEnv => ({
  ...process.env,
  OPENBLAS_NUM_THREADS: String(threads),
  OMP_NUM_THREADS: String(threads)
})

/** A running bench/peers/arrays.py: a request -> its answer. It ends with this process. */
export type ArrayServer = (request: object) => Promise<Readonly<Record<string, unknown>>>

/** Starts bench/peers/arrays.py. */
export const arrayServer = (threads: number): ArrayServer => {
  const child = spawn(python as string, [join(peers, 'arrays.py')], {
    env: environment(threads),
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
