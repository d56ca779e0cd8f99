import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskEither as TE } from 'fp-ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Backend, Reals } from '../src/interpret/backend.js'
import { lower, prepared } from '../src/interpret/onnx/lower.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { trainingCase } from './cases.js'

/** Where the time of the row programs of a training step goes, as shares of their time in kernels. */
export interface Shares {
  readonly matmul: number
  readonly sineAndCosine: number
  readonly otherElementwise: number
  readonly rest: number
}

interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly dur: number
  readonly args?: { readonly op_name?: string }
}

const kinds: Readonly<Record<string, keyof Shares>> = {
  Gemm: 'matmul',
  MatMul: 'matmul',
  FusedMatMul: 'matmul',
  FusedGemm: 'matmul',
  Sin: 'sineAndCosine',
  Cos: 'sineAndCosine',
  Add: 'otherElementwise',
  Sub: 'otherElementwise',
  Mul: 'otherElementwise',
  Div: 'otherElementwise',
  Neg: 'otherElementwise',
  Where: 'otherElementwise'
}

const profileIn = (directory: string): readonly ProfileEvent[] => {
  const file = readdirSync(directory).find(name => name.startsWith('impflow-profile'))
  if (file === undefined) return []
  const events = JSON.parse(readFileSync(join(directory, file), 'utf8')) as readonly ProfileEvent[]
  rmSync(directory, { recursive: true })
  return events
}

/** Runs the row program of a training step under ONNX Runtime's profiler. */
export const shares = async (batch: number): Promise<Shares> => {
  const plain = onnxBackend('float32')
  const programs: { readonly bytes: Uint8Array; readonly inputs: readonly string[] }[] = []
  const fed: (readonly Reals[])[] = []
  const spying: Backend = {
    ...plain,
    compile: (inputs, outputs) => {
      const index = programs.push(lower(inputs, prepared(outputs), 'float32')) - 1
      return TE.map(
        (run: (values: readonly Reals[]) => TE.TaskEither<never, readonly Reals[]>) => (values: readonly Reals[]) => {
          fed[index] = values
          return run(values)
        }
      )(plain.compile(inputs, outputs) as never) as never
    }
  }
  const training = await trainingCase(batch, 1, { backend: spying })
  await training.run()
  const [rows] = programs
  const directory = mkdtempSync(join(tmpdir(), 'impflow-'))
  const session = await InferenceSession.create(rows?.bytes ?? new Uint8Array(), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableProfiling: true,
    profileFilePrefix: join(directory, 'impflow-profile')
  })
  const shapes = session.inputMetadata.map(meta => ('shape' in meta ? (meta.shape as number[]) : []))
  const feeds = Object.fromEntries(
    (rows?.inputs ?? []).map((name, i) => [
      name,
      new Tensor('float32', (fed[0] as readonly Reals[])[i] as Float32Array, shapes[i] ?? [])
    ])
  )
  for (let i = 0; i < 30; i++) await session.run(feeds)
  session.endProfiling()
  const total: Record<keyof Shares, number> = { matmul: 0, sineAndCosine: 0, otherElementwise: 0, rest: 0 }
  for (const { cat, name, dur, args } of profileIn(directory)) {
    const op = args?.op_name ?? ''
    if (cat === 'Node' && name.endsWith('kernel_time') && op !== 'Loop') total[kinds[op] ?? 'rest'] += dur
  }
  const sum = Object.values(total).reduce((a, b) => a + b, 0)
  return {
    matmul: total.matmul / sum,
    sineAndCosine: total.sineAndCosine / sum,
    otherElementwise: total.otherElementwise / sum,
    rest: total.rest / sum
  }
}
