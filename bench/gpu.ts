import { either as E, type taskEither as TE } from 'fp-ts'
import type { Backend, GpuMode, Reals } from '../src/interpret/backend.js'
import { openBackend } from '../src/interpret/backends.js'
import { gpuBackend } from '../src/interpret/gpu/gpuBackend.js'
import { fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { grad } from '../src/rewrite/derivatives.js'
import { add } from '../src/tensor/primitives/add.js'
import { broadcastTrailing } from '../src/tensor/primitives/broadcast.js'
import { input } from '../src/tensor/primitives/input.js'
import { matmul } from '../src/tensor/primitives/matmul.js'
import { mul } from '../src/tensor/primitives/mul.js'
import { sin } from '../src/tensor/primitives/sin.js'
import { sum } from '../src/tensor/primitives/sum.js'
import { sizeOf } from '../src/tensor/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'

/**
 * Times gpu.js beside `reference` and ONNX Runtime: products and a net at growing sizes, and from which size on a kernel is
 * worth its call. Usage: npm run gpu-check [-- --mode webgpu|webasm|cpu]
 */

const must = async <L, A>(task: TE.TaskEither<L, A>): Promise<A> => {
  const result = await task()
  if (E.isRight(result)) return result.right
  process.stderr.write(`${(result.left as { readonly message?: string }).message ?? JSON.stringify(result.left)}\n`)
  process.exit(1)
}

interface Problem {
  readonly name: string
  /** Multiplications and additions of a product, functions of a chain. */
  readonly work: number
  readonly inputs: readonly Tensor[]
  readonly output: Tensor
}

const chain = (entries: number): Problem => {
  const x = input('x', [entries])
  return { name: `sine of ${entries} numbers`, work: entries, inputs: [x], output: sin(mul(x, x)) }
}

const product = (rows: number): Problem => {
  const [a, b] = [input('a', [128, 128]), input('b', [128, rows])]
  return { name: `[128 128] x [128 ${rows}]`, work: 128 * 128 * rows, inputs: [a, b], output: matmul(a, b) }
}

const netGradient = (rows: number): Problem => {
  const x = input('x', [2, rows])
  const inputs = [input('first', [128, 2]), input('second', [128, 128]), input('bias', [128]), x]
  const loss = ([first, second, bias]: readonly Tensor[]): Tensor => {
    const shift = broadcastTrailing(bias as Tensor, rows)
    const hidden = sin(add(matmul(first as Tensor, x), shift))
    return sum(sin(add(matmul(second as Tensor, hidden), shift)))
  }
  const output = grad(loss)(inputs.slice(0, 3))[1] as Tensor
  return { name: `gradient of a net 2-128-128, ${rows} points`, work: 3 * 128 * 130 * rows, inputs, output }
}

/** Median milliseconds of a run. */
const timeOf = async ({ compile, precision }: Backend, { inputs, output }: Problem, runs: number): Promise<number> => {
  const run = await must(compile(inputs, [output]))
  const numbers = inputs.map(({ shape }, i): Reals => {
    const values = normal(fromSeed(i))(sizeOf(shape))
    return precision === 'float32' ? Float32Array.from(values) : values
  })
  await must(run(numbers))
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const begun = performance.now()
    await must(run(numbers))
    times.push(performance.now() - begun)
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] as number
}

const main = async (): Promise<void> => {
  const at = process.argv.indexOf('--mode')
  const mode = (at < 0 ? 'webgpu' : process.argv[at + 1]) as GpuMode
  const gpu = await must(gpuBackend(mode, { from: 0 }))
  const reference = await must(openBackend('reference', 'float64'))
  const onnx = await openBackend('onnx', 'float32')()
  const print = (text: string): void => void process.stdout.write(`${text}\n`)
  print(`gpu.js, mode ${mode}: ${gpu.device?.adapter}\n`)
  print('| problem | gpu.js, ms | reference (float64), ms | ONNX Runtime, ms | gpu.js, GFLOP/s |')
  print('|---|---|---|---|---|')
  const chains = [8, 10, 12, 14, 16, 18].map(e => chain(2 ** e))
  const products = [1, 8, 64, 512, 4096].map(product)
  const worthIt: string[] = []
  for (const problem of [...chains, ...products, netGradient(512), netGradient(5000)]) {
    const runs = problem.work > 2 ** 24 ? 5 : 21
    const [ours, theirs] = [await timeOf(gpu, problem, runs), await timeOf(reference, problem, Math.min(runs, 7))]
    const ort = E.isRight(onnx) ? (await timeOf(onnx.right, problem, runs)).toFixed(3) : 'missing'
    if (ours < theirs) worthIt.push(`${problem.name} (${problem.work} operations)`)
    const rate = ((2 * problem.work) / ours / 1e6).toFixed(2)
    print(`| ${problem.name} | ${ours.toFixed(3)} | ${theirs.toFixed(3)} | ${ort} | ${rate} |`)
  }
  print(`\nFaster than reference: ${worthIt.length === 0 ? 'nothing' : worthIt.join(', ')}`)
  process.exit(0)
}

await main()
