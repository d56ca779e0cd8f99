import { Worker } from 'node:worker_threads'
import type { Precision, Reals } from '../backend.js'

/**
 * What a worker runs. It is a text, so that the same code serves sources and built files. `onnxruntime-node` runs a
 * session on the thread that asks, so sessions run side by side only on threads of their own.
 */
const code = `
const { parentPort, workerData } = require('node:worker_threads')
const { createRequire } = require('node:module')
const { InferenceSession, Tensor } = createRequire(workerData.from)('onnxruntime-node')
const { flags } = workerData
const sessions = new Map()
const answer = async ({ program, model, options, precision, feeds, outputs }) => {
  if (model !== undefined) {
    sessions.set(program, await InferenceSession.create(model, options))
    return []
  }
  const tensors = Object.fromEntries(feeds.map(([name, values, shape]) => [name, new Tensor(precision, values, shape)]))
  const results = await sessions.get(program).run(tensors)
  return outputs.map(name => results[name].data)
}
const free = () => {
  Atomics.store(flags, 0, 0)
  Atomics.notify(flags, 0)
}
parentPort.on('message', async request => {
  Atomics.store(flags, 0, 1)
  if (Atomics.load(flags, 1) === 1) return free()
  const reply = await answer(request).then(
    values => ({ values }),
    error => ({ message: String(error && error.message || error) })
  )
  free()
  parentPort.postMessage({ id: request.id, ...reply })
})
`

/** Milliseconds that the end of the process waits for a thread in the middle of a run. */
const patience = 5000

/**
 * ONNX Runtime aborts the process if a thread ends in the middle of a run. So when the process ends, however it does, it
 * waits for the run, and the thread begins no other. The flags are: busy, stop.
 */
const endAfterRun = (flags: Int32Array): void => {
  process.once('exit', () => {
    Atomics.store(flags, 1, 1)
    Atomics.wait(flags, 0, 1, patience)
  })
}

/** An input by its name in the model. */
export type Feed = readonly [name: string, values: Reals, shape: readonly number[]]

interface Answer {
  readonly id: number
  readonly values?: readonly Reals[]
  readonly message?: string
}

interface Pending {
  readonly resolve: (values: readonly Reals[]) => void
  readonly reject: (error: Error) => void
}

/** A thread with sessions of its own, which answers requests in their order. */
interface Lane {
  readonly ask: (request: object) => Promise<readonly Reals[]>
  /** Requests that are not answered yet. */
  readonly waiting: () => number
}

const openLane = (): Lane => {
  const flags = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(code, { eval: true, workerData: { from: import.meta.url, flags } })
  endAfterRun(flags)
  const pending = new Map<number, Pending>()
  let next = 0
  const settle = (id: number): Pending | undefined => {
    const found = pending.get(id)
    pending.delete(id)
    if (pending.size === 0) worker.unref()
    return found
  }
  worker.unref()
  worker.on('message', ({ id, values, message }: Answer) => {
    const found = settle(id)
    if (values !== undefined) found?.resolve(values)
    else found?.reject(new Error(message ?? 'no answer'))
  })
  worker.on('error', error => {
    for (const id of [...pending.keys()]) settle(id)?.reject(error)
  })
  return {
    waiting: () => pending.size,
    ask: request =>
      new Promise((resolve, reject) => {
        const id = next++
        pending.set(id, { resolve, reject })
        worker.ref()
        worker.postMessage({ ...request, id })
      })
  }
}

/** A program with a session on each of some threads. */
export type ParallelProgram = (feeds: readonly Feed[]) => Promise<readonly Reals[]>

/** What a thread needs to make a session. */
export interface Model {
  readonly bytes: Uint8Array
  readonly outputs: readonly string[]
  readonly options: object
  readonly precision: Precision
}

/**
 * Threads that run models side by side; a run goes to the thread with the least to do. They are opened when they are
 * first needed, serve all programs of a backend, and do not keep Node alive.
 */
export const workerPool = (): ((model: Model, threads: number) => Promise<ParallelProgram>) => {
  const lanes: Lane[] = []
  let programs = 0
  return async ({ bytes, outputs, options, precision }, threads) => {
    const program = programs++
    while (lanes.length < threads) lanes.push(openLane())
    const own = lanes.slice(0, threads)
    await Promise.all(own.map(lane => lane.ask({ program, model: bytes, options })))
    return feeds => {
      const free = own.reduce((best, lane) => (lane.waiting() < best.waiting() ? lane : best))
      return free.ask({ program, precision, feeds, outputs })
    }
  }
}
