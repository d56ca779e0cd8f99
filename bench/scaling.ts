import { either as E } from 'fp-ts'
import { must } from '../spec/support/must.js'
import type { Architecture } from '../src/flow/architecture.js'
import type { Precision } from '../src/interpret/backend.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { draw } from '../src/plot/drawing/picture.js'
import { input } from '../src/tensor/primitives/input.js'
import { matmul } from '../src/tensor/primitives/matmul.js'
import { firstSteps, paperArchitecture, stepCounts, trainingCase } from './cases.js'
import { stopwatch } from './comparison.js'
import { type Kernels, kernels } from './kernels.js'
import { machine, machineText } from './machine.js'
import { exponent, logLogChart } from './powerLaw.js'
import { type ArrayServer, arrayServer, kernelChoices, python, pythonMissing, withKernels } from './python.js'
import { written } from './report.js'
import { given } from './subjects.js'

/**
 * How the time of a training step grows with batch, width, depth, blocks and dimension, and how near it comes to the products
 * of matrices that this machine can do. Writes bench/results/scaling.{json,md,svg}:
 *   npm run bench:scaling -- [--quick]
 */
const quick = process.argv.includes('--quick')

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1] as number

interface Point {
  readonly x: number
  readonly milliseconds: number
}

const stepTime = async (architecture: Architecture, batch: number): Promise<number> => {
  const training = await trainingCase(batch, 1, { architecture })
  const times: number[] = []
  for (let i = 0; i < (quick ? 1 : 4); i++) times.push(...(await firstSteps(training, stepCounts(batch > 1000))))
  return median(times)
}

const along = async (
  name: string,
  xs: readonly number[],
  make: (x: number) => readonly [Architecture, number]
): Promise<{ readonly name: string; readonly points: readonly Point[]; readonly exponent: number }> => {
  const points: Point[] = []
  for (const x of quick ? xs.slice(0, 3) : xs) {
    const milliseconds = await stepTime(...make(x))
    process.stderr.write(`${name} ${x}: ${milliseconds.toFixed(1)} ms\n`)
    points.push({ x, milliseconds })
  }
  return {
    name,
    points,
    exponent: exponent(
      points.map(p => p.x),
      points.map(p => p.milliseconds)
    )
  }
}

const base = paperArchitecture
const studies = [
  await along('batch', [125, 250, 500, 1000, 2000, 4000, 8000], batch => [base, batch]),
  await along('width', [32, 64, 128, 256, 512], width => [{ ...base, hidden: [width, width] }, 500]),
  await along('hidden layers', [1, 2, 3, 4, 6], depth => [{ ...base, hidden: Array(depth).fill(128) }, 500]),
  await along('blocks', [1, 2, 4, 8, 16], blocks => [{ ...base, blocks }, 500]),
  await along('dimension', [2, 4, 8, 16, 32], dimension => [{ ...base, blocks: 2, dimension }, 500])
]

type Shape = readonly [m: number, k: number, n: number]

const gflops = ([m, k, n]: Shape, times: readonly number[]): number => (2 * m * k * n) / median(times) / 1e6

/** GFLOP/s of products [m k] x [k n], on one thread. */
const ownRate = async (precision: Precision, shape: Shape): Promise<number> => {
  const [m, k, n] = shape
  const backend = onnxBackend(precision)
  const [a, b] = [input('a', [m, k]), input('b', [k, n])]
  const run = await must(backend.compile([a, b], [matmul(a, b)]))
  const numbers = [m * k, k * n].map(size => given(backend, new Float64Array(size).fill(0.5)))
  const times = await stopwatch(() => must(run(numbers)))(quick ? 0.3 : 2)
  return gflops(shape, times)
}

/** The same of NumPy. */
const numpyRate = async (ask: ArrayServer, precision: Precision, shape: Shape): Promise<number> => {
  const [m, k, n] = shape
  const inputs = [
    [m, k],
    [k, n]
  ].map(([rows, columns]) => ({
    shape: [rows, columns],
    values: Array((rows as number) * (columns as number)).fill(0.5)
  }))
  const { id } = await ask({ load: { library: 'numpy', operation: 'matmul', precision, threads: 1, inputs } })
  return gflops(shape, (await ask({ measure: id, seconds: quick ? 0.3 : 2 })).ms as number[])
}

const shapes: readonly Shape[] = [
  [128, 128, 500],
  [128, 128, 5000],
  [1024, 1024, 1024]
]
if (python === undefined) process.stderr.write(`not run: ${pythonMissing}\n`)
const libraries = [
  { library: 'ONNX Runtime', rate: ownRate },
  ...kernelChoices.map(kernels => {
    const ask = arrayServer(1, kernels)
    const rate = (precision: Precision, shape: Shape): Promise<number> => numpyRate(ask, precision, shape)
    return { library: withKernels('NumPy', kernels), rate }
  })
]
const rates: {
  readonly precision: Precision
  readonly shape: string
  readonly library: string
  readonly gflops: number
}[] = []
for (const precision of ['float32', 'float64'] as const)
  for (const shape of shapes)
    for (const { library, rate } of libraries) {
      const [m, k, n] = shape
      rates.push({ precision, shape: `[${m} ${k}] x [${k} ${n}]`, library, gflops: await rate(precision, shape) })
    }

const steps: readonly (Kernels & { readonly batch: number })[] = [
  { batch: 500, ...(await kernels(500)) },
  { batch: 5000, ...(await kernels(5000)) }
]
/** The fastest of a library, or of all of them. */
const sgemm = (of?: string): number =>
  Math.max(...rates.filter(r => r.precision === 'float32' && (of ?? r.library) === r.library).map(r => r.gflops))

const command = 'npm run bench:scaling'
const percent = (x: number): string => `${Math.round(100 * x)} %`
const text = `# Scaling of a training step

ImpFlow, 4 blocks with nets 2-128-128-2, exact log-determinants, batch 500, float32, one thread, except for what varies (dimension: 2
blocks). ${machineText()}. \`${command}\`.

![time against batch, width, depth, blocks and dimension](scaling.svg)

| what | from | to | exponent of the time |
|---|---|---|---|
${studies
  .map(({ name, points, exponent: power }) => {
    const ends = [points[0], points.at(-1)].map(p => `${p?.x} (${p?.milliseconds.toFixed(1)} ms)`)
    return `| ${name} | ${ends.join(' | ')} | ${power.toFixed(2)} |`
  })
  .join('\n')}

## Products of matrices

GFLOP/s on one thread.

| product | precision | ${libraries.map(({ library }) => library).join(' | ')} |
|---|---|${libraries.map(() => '---|').join('')}
${rates
  .filter((_, i) => i % libraries.length === 0)
  .map(({ shape, precision }) => {
    const line = rates.filter(r => r.shape === shape && r.precision === precision).map(r => r.gflops.toFixed(0))
    return `| ${shape} | ${precision} | ${line.join(' | ')} |`
  })
  .join('\n')}

## Where the time of a step goes

Of the program of rows: values, roots, log-determinants and gradients, without the optimiser.

| step of | matrix products | sine and cosine | other elementwise | rest | GFLOP/s of its products during their own time | of ONNX Runtime's fastest float32 product | of the fastest one above | over the whole program, GFLOP/s |
|---|---|---|---|---|---|---|---|---|
${steps
  .map(
    ({ batch, matmulGflops, programGflops, shares }) =>
      `| ${batch} points | ${Object.values(shares).map(percent).join(' | ')} | ` +
      `${matmulGflops.toFixed(0)} | ${percent(matmulGflops / sgemm('ONNX Runtime'))} | ${percent(matmulGflops / sgemm())} | ${programGflops.toFixed(0)} |`
  )
  .join('\n')}

| step of | rows of a block | its products [128 128] x [128 rows] | at ONNX Runtime's fastest, ms | sines and cosines, millions | ns each | ms |
|---|---|---|---|---|---|---|
${steps
  .map(
    ({ batch, rows, products, sines, sineNanoseconds }) =>
      `| ${batch} points | ${rows} | ${products.toFixed(0)} | ${((products * 2 * 128 * 128 * rows) / sgemm('ONNX Runtime') / 1e6).toFixed(1)} | ` +
      `${(sines / 1e6).toFixed(1)} | ${sineNanoseconds.toFixed(1)} | ${((sines * sineNanoseconds) / 1e6).toFixed(1)} |`
  )
  .join('\n')}
`

const chart = ({ name, points, exponent: power }: (typeof studies)[number]) =>
  logLogChart(
    points.map(({ x, milliseconds }) => ({ x, y: milliseconds })),
    { title: `${name}, exponent ${power.toFixed(2)}`, x: name, y: 'ms a step' }
  )
const { svg } = await must(
  draw(
    E.right({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      vconcat: [{ hconcat: studies.slice(0, 3).map(chart) }, { hconcat: studies.slice(3).map(chart) }]
    })
  )
)
if (!quick) {
  written('scaling.json', `${JSON.stringify({ command, machine: machine(), studies, rates, steps }, null, 2)}\n`)
  written('scaling.md', text)
  written('scaling.svg', svg)
}
process.stdout.write(text)
process.exit(0)
