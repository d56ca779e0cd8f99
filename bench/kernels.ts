import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskEither as TE } from 'fp-ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Backend, Compiled, Reals } from '../src/interpret/backend.js'
import { lower, prepared } from '../src/interpret/onnx/lower.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { trainingCase } from './cases.js'

/** Where the time of the row program of a training step goes. */
export interface Kernels {
  /** Of the time in kernels. */
  readonly shares: Readonly<Record<Kind, number>>
  /** Rows that a run takes: a large batch is several blocks of rows. */
  readonly rows: number
  /** Multiplications and additions of a run's matrix products, in products [128 128] x [128 rows]. */
  readonly products: number
  /** Sines and cosines that a run computes. */
  readonly sines: number
  /** Time of one of them, nanoseconds. */
  readonly sineNanoseconds: number
  /** Multiplications and additions of matrix products over their own time. */
  readonly matmulGflops: number
  /** The same over the time of the whole program, on a clock outside and without the profiler. */
  readonly programGflops: number
}

type Kind = 'matmul' | 'sineAndCosine' | 'otherElementwise' | 'rest'

/** A type and its shape. */
type Shaped = Readonly<Record<string, readonly number[]>>

interface ProfileEvent {
  readonly cat: string
  readonly name: string
  readonly dur: number
  readonly args?: {
    readonly op_name?: string
    readonly input_type_shape?: readonly Shaped[]
    readonly output_type_shape?: readonly Shaped[]
  }
}

const kinds: Readonly<Record<string, Kind>> = {
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

const shapeOf = (given: Shaped | undefined): readonly number[] => Object.values(given ?? {})[0] ?? []

const entriesOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** Multiplications and additions of a product of matrices, batched or not, transposed or not. */
const operationsOf = ({ args }: ProfileEvent): number => {
  const [a, out] = [shapeOf(args?.input_type_shape?.[0]), shapeOf(args?.output_type_shape?.[0])]
  const [rows, columns, m] = [a.at(-2) ?? 1, a.at(-1) ?? 1, out.at(-2) ?? 1]
  return 2 * entriesOf(out) * ((rows * columns) / m)
}

/** Runs the row program of a training step, without ONNX Runtime's profiler and with it. */
export const kernels = async (batch: number): Promise<Kernels> => {
  const plain = onnxBackend('float32')
  const programs: { readonly bytes: Uint8Array; readonly inputs: readonly string[] }[] = []
  const fed: (readonly Reals[])[] = []
  const spying: Backend = {
    ...plain,
    compile: (inputs, outputs) => {
      const index = programs.push(lower(inputs, prepared(outputs), 'float32')) - 1
      return TE.map(
        (run: Compiled): Compiled =>
          values => {
            fed[index] = values
            return run(values)
          }
      )(plain.compile(inputs, outputs))
    }
  }
  const training = await trainingCase(batch, 1, { backend: spying })
  await training.run()
  const [rows] = programs
  const directory = mkdtempSync(join(tmpdir(), 'impflow-'))
  const open = (options: InferenceSession.SessionOptions): Promise<InferenceSession> =>
    InferenceSession.create(rows?.bytes ?? new Uint8Array(), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      enableMemPattern: false,
      ...options
    })
  const session = await open({ enableProfiling: true, profileFilePrefix: join(directory, 'impflow-profile') })
  const shapes = session.inputMetadata.map(meta => ('shape' in meta ? (meta.shape as number[]) : []))
  // Of the points [d rows].
  const size = shapes[1]?.[1] as number
  const feeds = Object.fromEntries(
    (rows?.inputs ?? []).map((name, i) => [
      name,
      new Tensor('float32', (fed[0] as readonly Reals[])[i] as Float32Array, shapes[i] ?? [])
    ])
  )
  const runs = 30
  const bare = await open({})
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const begin = performance.now()
    await bare.run(feeds)
    times.push(performance.now() - begin)
  }
  for (let i = 0; i < runs; i++) await session.run(feeds)
  session.endProfiling()
  const total: Record<Kind, number> = { matmul: 0, sineAndCosine: 0, otherElementwise: 0, rest: 0 }
  let operations = 0
  let sines = 0
  for (const event of profileIn(directory)) {
    const op = event.args?.op_name ?? ''
    if (event.cat !== 'Node' || !event.name.endsWith('kernel_time') || op === 'Loop') continue
    const kind = kinds[op] ?? 'rest'
    total[kind] += event.dur
    if (kind === 'matmul') operations += operationsOf(event)
    if (kind === 'sineAndCosine') sines += entriesOf(shapeOf(event.args?.output_type_shape?.[0]))
  }
  const sum = Object.values(total).reduce((x, y) => x + y, 0)
  const median = times.sort((x, y) => x - y)[runs >> 1] as number
  return {
    shares: {
      matmul: total.matmul / sum,
      sineAndCosine: total.sineAndCosine / sum,
      otherElementwise: total.otherElementwise / sum,
      rest: total.rest / sum
    },
    rows: size,
    products: operations / runs / (2 * 128 * 128 * size),
    sines: sines / runs,
    sineNanoseconds: (total.sineAndCosine * 1e3) / sines,
    // Microseconds of all runs; milliseconds of one.
    matmulGflops: operations / total.matmul / 1e3,
    programGflops: operations / runs / median / 1e6
  }
}
