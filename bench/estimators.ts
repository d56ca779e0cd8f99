import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { must } from '../spec/support/must.js'
import { toCsv } from '../src/data/csv.js'
import { readPoints } from '../src/data/file.js'
import { type Points, selectColumns } from '../src/data/points.js'
import { standardise } from '../src/data/standardise.js'
import { pointsOf } from '../src/data/tables.js'
import type { Model } from '../src/distribution/model.js'
import { boundsOfModel } from '../src/distribution/programs.js'
import { flowInput, layoutOf } from '../src/flow/layout.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { contractiveMlp, type Smooth } from '../src/lipschitz/contractive.js'
import { exact, type LogDet } from '../src/logdet/exact.js'
import { boundedRoulette, finiteVarianceRoulette } from '../src/logdet/guarantee.js'
import { hutchPlusPlus } from '../src/logdet/hutchPlusPlus.js'
import { lanczos } from '../src/logdet/lanczos.js'
import { controlledSeries, powerSeries } from '../src/logdet/powerSeries.js'
import { drawProbes, type ProbeLaw } from '../src/logdet/probes.js'
import { drawTerms, type Roulette, rouletteCoefficients } from '../src/logdet/terms.js'
import { activations } from '../src/net/activations.js'
import { draw } from '../src/plot/drawing/picture.js'
import { foldIn, fromSeed } from '../src/random/key.js'
import { vectorizeOver } from '../src/rewrite/vectorize.js'
import { fromArray, scalar } from '../src/tensor/constructors.js'
import { input } from '../src/tensor/primitives/input.js'
import { reshape } from '../src/tensor/primitives/reshape.js'
import { sizeOf } from '../src/tensor/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { namedDensities } from '../src/train/datasetName.js'
import { nodeDisk } from '../src/train/runFolder/disk.js'
import { readModel } from '../src/train/runFolder/runFolder.js'
import { processor } from './machine.js'

/**
 * Variance times cost of every estimator of ln det(I + J), J that of the first net of a trained flow, d = 2, 8, 21 and 63.
 * Writes bench/results/estimators.{json,md,svg}; models are trained when they are missing (4 minutes):
 *   npm run bench:estimators
 */
const backend = onnxBackend('float64')
const [points, draws] = [12, 256] as const

/** A trained model of so many dimensions, and points of its data. */
const modelOf = async (d: number): Promise<{ readonly model: Model; readonly data: Points }> => {
  const root = join('runs', 'estimators')
  mkdirSync(root, { recursive: true })
  const patches = pointsOf({ step: 2 ** -15 }, await must(readPoints('data/patches63.npy.gz')))
  const eight = join(root, 'patches8.csv')
  const columns = Array.from({ length: 8 }, (_, j) => 8 * Math.floor(j / 2) + (j % 2))
  if (!existsSync(eight)) writeFileSync(eight, toCsv(selectColumns(patches, columns)))
  const dataset = d === 2 ? 'checkerboard' : d === 8 ? eight : d === 21 ? 'waveform' : 'patches63'
  const folder = join(root, `d${d}`)
  if (!existsSync(folder)) {
    const asked = `${dataset} --blocks 2 --hidden 64,64 --minutes 1 --log-det ${d === 2 ? 'exact' : 'roulette'} --coefficient 0.97 --out ${folder}`
    spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'train', ...asked.split(' ')], {
      stdio: 'inherit'
    })
  }
  const model = (await must(readModel(nodeDisk, folder))) as Model
  const generator = namedDensities.find(({ name }) => name === dataset)
  const raw = generator?.sample(foldIn(fromSeed(9), 1))(points) ?? (d === 8 ? selectColumns(patches, columns) : patches)
  const { standardisation } = model
  const units = standardisation && {
    mean: Float64Array.from(standardisation.mean),
    scale: Float64Array.from(standardisation.scale)
  }
  return { model, data: units === null ? raw : standardise(units)(raw) }
}

/** The first net of a model, and its certified constant. */
const netOf = (model: Model): { readonly net: Smooth; readonly c: number } => {
  const { architecture, effective } = model
  const { activation, leading = false } = architecture
  const bounds = E.getOrElseW(() => null)(boundsOfModel(model))
  const tensors = layoutOf(architecture).segments.map(({ offset, shape }) =>
    fromArray(effective.subarray(offset, offset + sizeOf(shape)), shape)
  )
  const parameters = flowInput(architecture, tensors, (bounds?.norms ?? []).map(scalar)).blocks[0]?.gx
  if (parameters === undefined) throw new Error('a model without blocks')
  return {
    net: contractiveMlp({ activation: activations[activation], leading }).net(parameters),
    c: bounds?.lipschitzBound ?? 1
  }
}

/** One estimator: what it draws, what it is, and how many products with J (or its transpose) a draw of it takes on average. */
interface Estimator {
  readonly name: string
  readonly biased: boolean
  /** Inputs of a draw beside the point: shapes, and their numbers for so many draws, one after the other. */
  readonly noise: readonly { readonly shape: readonly number[]; readonly values: Float64Array }[]
  readonly logDet: (...noise: readonly Tensor[]) => LogDet
  readonly products: number
}

const key = fromSeed(21)

/** Probes and coefficients of draws. */
const seriesNoise = (d: number, roulette: Roulette, law: ProbeLaw, probes: number, stream: number) => {
  const counts = drawTerms(roulette.law)(foldIn(key, stream))(draws)
  const rows = Array.from(counts, n => rouletteCoefficients(roulette, [n]))
  const longest = Math.max(...rows.map(row => row.length))
  const coefficients = new Float64Array(draws * longest)
  rows.forEach((row, i) => {
    coefficients.set(row, i * longest)
  })
  return {
    terms: rows.reduce((total, row) => total + row.length, 0) / draws,
    noise: [
      { shape: [probes, d], values: drawProbes(law)(foldIn(key, stream + 1))(draws * probes, d) },
      { shape: [longest], values: coefficients }
    ]
  }
}

const estimatorsFor = (d: number, c: number): readonly Estimator[] => {
  const usual = finiteVarianceRoulette(c)
  const series = (
    name: string,
    roulette: Roulette,
    law: ProbeLaw,
    stream: number,
    { exactTraces = 0, biased = false }: { readonly exactTraces?: 0 | 1 | 2; readonly biased?: boolean } = {}
  ): Estimator => {
    const { terms, noise } = seriesNoise(d, roulette, law, 1, stream)
    return {
      name,
      biased,
      noise,
      logDet: (probes, coefficients) => {
        const noise = { probes: probes as Tensor, coefficients: coefficients as Tensor }
        return exactTraces === 0 ? powerSeries(noise) : controlledSeries(noise, exactTraces)
      },
      products: terms + (exactTraces === 0 ? 0 : d)
    }
  }
  const rank = Math.min(4, d - 1)
  const plus = seriesNoise(d, usual, 'rademacher', 4, 70)
  const steps = 5
  return [
    { name: 'exact', biased: false, noise: [], logDet: () => exact, products: d },
    series('roulette of finite variance (default)', usual, 'rademacher', 10),
    series('the same, Gaussian probes', usual, 'gaussian', 20),
    series('the same, probes on the sphere', usual, 'sphere', 30),
    series('the same, tr J exact', usual, 'rademacher', 10, { exactTraces: 1 }),
    series('the same, tr J and tr J^2 exact', usual, 'rademacher', 10, { exactTraces: 2 }),
    series('bounded roulette', boundedRoulette(c), 'rademacher', 40),
    series(
      'geometric 1/2, 2 exact terms (published)',
      { law: { kind: 'geometric', rho: 0.5 }, exactTerms: 2 },
      'rademacher',
      50
    ),
    series(
      'Poisson 2, 2 exact terms (published)',
      { law: { kind: 'poisson', mean: 2 }, exactTerms: 2 },
      'rademacher',
      60
    ),
    series('10 terms', { law: { kind: 'fixed', count: 10 }, exactTerms: 0 }, 'rademacher', 65, { biased: true }),
    {
      name: 'Hutch++',
      biased: false,
      noise: [{ shape: [rank, d], values: drawProbes('rademacher')(foldIn(key, 80))(draws * rank, d) }, ...plus.noise],
      logDet: (sketch, probes, coefficients) =>
        hutchPlusPlus({ sketch: sketch as Tensor, probes: probes as Tensor, coefficients: coefficients as Tensor }),
      products: plus.terms * (2 * rank + 4)
    },
    {
      name: 'Lanczos quadrature',
      biased: true,
      noise: [{ shape: [1, d], values: drawProbes('rademacher')(foldIn(key, 90))(draws, d) }],
      logDet: probes => lanczos({ probes: probes as Tensor, steps: Math.min(steps, d), contraction: c }),
      products: 2 * Math.min(steps, d)
    }
  ]
}

interface Row {
  readonly d: number
  readonly estimator: string
  readonly biased: boolean
  readonly products: number
  readonly variance: number
  readonly varianceTimesCost: number
  readonly bias: number
  readonly biasStandardError: number
}

const measured = async (d: number, net: Smooth, data: Points, estimator: Estimator): Promise<Row> => {
  const { noise, logDet, name, biased, products } = estimator
  const x = input('x', [d])
  const given = noise.map(({ shape }, i) => input(`noise${i}`, [draws, ...shape]))
  const count = noise.length === 0 ? 1 : draws
  const values =
    noise.length === 0
      ? [reshape(logDet()(net)(x), [1])]
      : vectorizeOver(
          (...one) => [logDet(...one)(net)(x)],
          given,
          given.map(() => true),
          draws,
          'first'
        )
  const run = await must(backend.compile([x, ...given], values))
  const truth = await must(backend.compile([x], [reshape(exact(net)(x), [1])]))
  const numbers = noise.map(one => one.values)
  const variances: number[] = []
  // The draws are those of every point, so errors of points are not independent: they are averaged draw by draw.
  const errors = new Float64Array(count)
  for (let i = 0; i < points; i++) {
    const at = data.values.slice(i * d, (i + 1) * d)
    const [found] = await must(run([at, ...numbers]))
    const all = Array.from(found as Float64Array)
    const mean = all.reduce((a, b) => a + b, 0) / all.length
    variances.push(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, all.length - 1))
    const exactly = ((await must(truth([at])))[0] as Float64Array)[0] as number
    all.forEach((value, k) => {
      errors[k] = (errors[k] as number) + (value - exactly) / points
    })
  }
  const average = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length
  const variance = average(variances)
  const bias = average(Array.from(errors))
  return {
    d,
    estimator: name,
    biased,
    products,
    variance,
    varianceTimesCost: variance * products,
    bias,
    biasStandardError: Math.sqrt(errors.reduce((sum, e) => sum + (e - bias) ** 2, 0) / Math.max(1, count - 1) / count)
  }
}

const rows: Row[] = []
const constants: Record<number, number> = {}
for (const d of [2, 8, 21, 63]) {
  const { model, data } = await modelOf(d)
  const { net, c } = netOf(model)
  constants[d] = c
  for (const estimator of estimatorsFor(d, c)) {
    rows.push(await measured(d, net, data, estimator))
    process.stderr.write(`d = ${d}: ${estimator.name}\n`)
  }
}

const machine = { cpu: processor, node: process.version, threads: 1, precision: 'float64' }
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  'bench/results/estimators.json',
  `${JSON.stringify({ command: 'npm run bench:estimators', machine, points, draws, constants, rows }, null, 2)}\n`
)
const cell = (x: number): string =>
  x === 0 ? '0' : Math.abs(x) >= 0.01 && Math.abs(x) < 1e4 ? x.toPrecision(3) : x.toExponential(1)
const tableOf = (d: number): string =>
  [
    `### d = ${d}, proved constant ${constants[d]?.toFixed(3)}`,
    '',
    '| estimator | products with J | variance | variance x products | mean error |',
    '|---|---|---|---|---|',
    ...rows
      .filter(row => row.d === d)
      .map(
        row =>
          `| ${row.estimator}${row.biased ? ' (biased)' : ''} | ${row.products.toFixed(1)} | ${cell(row.variance)} | ` +
          `${cell(row.varianceTimesCost)} | ${cell(row.bias)} +- ${cell(row.biasStandardError)} |`
      )
  ].join('\n')
const text = `# Estimators of ln det(I + J)

J is the Jacobian of the first net of a trained ImpFlow (2 blocks of d-64-64-d, coefficient 0.97) at ${points} points of its data; ${draws} draws
a point. Variance is the mean over the points of that over the draws; cost is counted in products with J or its transpose. Hutch++ takes
min(4, d - 1) sketched directions and 4 probes, Lanczos quadrature 5 steps. Variances of what is biased say nothing of its bias. ${machine.cpu}, one thread, float64. \`npm run bench:estimators\`.

![variance times cost](estimators.svg)

${[2, 8, 21, 63].map(tableOf).join('\n\n')}
`
writeFileSync('bench/results/estimators.md', text)
const { svg } = await must(
  draw(
    E.right({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values: rows.filter(row => row.variance > 1e-20).map(row => ({ ...row, dimension: `d = ${row.d}` })) },
      title: {
        text: 'Variance times cost of log-determinant estimators',
        subtitle: 'products with J of a trained net; less is better'
      },
      mark: { type: 'point', filled: true, size: 70 },
      width: 460,
      height: { step: 22 },
      encoding: {
        y: { field: 'estimator', type: 'nominal', sort: null, title: null, axis: { labelLimit: 0 } },
        x: { field: 'varianceTimesCost', type: 'quantitative', scale: { type: 'log' }, title: 'variance x products' },
        color: { field: 'dimension', type: 'nominal', sort: null, title: null },
        shape: { field: 'dimension', type: 'nominal', sort: null, title: null }
      }
    })
  )
)
writeFileSync('bench/results/estimators.svg', svg)
process.stdout.write(text)
process.exit(0)
