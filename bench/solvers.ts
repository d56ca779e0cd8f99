import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { certifiedNorm } from '../src/lipschitz/certifiedNorm.js'
import { activations } from '../src/net/activations.js'
import { mlp } from '../src/net/mlp.js'
import { foldIn, fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { vectorizeOver } from '../src/rewrite/vectorize.js'
import { anderson } from '../src/solve/anderson.js'
import { broyden } from '../src/solve/broyden.js'
import { defaultSolver } from '../src/solve/defaultSolver.js'
import { limitedBroyden } from '../src/solve/limitedBroyden.js'
import { newton } from '../src/solve/newton.js'
import { newtonKrylov } from '../src/solve/newtonKrylov.js'
import { picard } from '../src/solve/picard.js'
import { isRoot, root, solved } from '../src/solve/root.js'
import type { Solver } from '../src/solve/solver.js'
import { fromArray } from '../src/tensor/constructors.js'
import { add } from '../src/tensor/primitives/add.js'
import { input } from '../src/tensor/primitives/input.js'
import { max } from '../src/tensor/primitives/max.js'
import { reshape } from '../src/tensor/primitives/reshape.js'
import { sub } from '../src/tensor/primitives/sub.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { must } from './cases.js'

/**
 * Every solver on shared problems z + g(z) = y: g = c h, h a dense net d-w-d of sines with weights of norm 1, w = max(64, d);
 * 64 samples, float32, |F| to 1e-6 (1 + |z|), one thread. Writes bench/results/solvers.{json,md}:
 *   npm run bench:solvers
 */
const samples = 64
const [constants, dimensions] = [
  [0.1, 0.5, 0.9, 0.99, 0.999],
  [1, 2, 4, 8, 16, 32, 64, 128, 512]
] as const
/** Above it, methods with a matrix are left out: they would take gigabytes at 512. */
const mostWithMatrix = 64
const solvers: Readonly<Record<string, Solver>> = {
  picard,
  anderson: anderson(),
  limitedBroyden: limitedBroyden(),
  newtonKrylov: newtonKrylov(),
  broyden: broyden(),
  newton
}
const withMatrix = new Set(['broyden', 'newton'])
const backend = onnxBackend('float32')

const weightOf = (seed: number, out: number, size: number, norm: number): Tensor => {
  const raw = normal(foldIn(fromSeed(5), seed))(out * size)
  const factor = norm / certifiedNorm(raw, [out, size])
  return fromArray(
    raw.map(x => x * factor),
    [out, size]
  )
}

interface Row {
  readonly d: number
  readonly c: number
  readonly solver: string
  readonly steps: number
  readonly milliseconds: number
}

const measured = async (d: number, c: number, name: string): Promise<Row> => {
  const width = Math.max(64, d)
  const layers = [
    { weight: weightOf(d, width, d, 1), bias: fromArray(normal(foldIn(fromSeed(6), d))(width)) },
    { weight: weightOf(d + 1000, d, width, c), bias: fromArray(new Float64Array(d)) }
  ]
  const g = mlp({ activation: activations.sine, leading: false })({ layers, betas: [] })
  const y = input('y', [d, samples])
  const [node] = vectorizeOver(
    x => [
      root(z => sub(add(z, g(z)), x as Tensor), {
        start: x as Tensor,
        contraction: c,
        solver: solvers[name],
        tolerance: 1e-6
      })
    ],
    [y],
    [true],
    samples,
    'last'
  ) as [Tensor]
  if (!isRoot(node)) throw new Error('not a root')
  const { value, iterations } = solved(node)
  const run = await must(backend.compile([y], [value, reshape(max(iterations), [1])]))
  const points = Float32Array.from(normal(fromSeed(7))(d * samples))
  const [, steps] = await must(run([points]))
  const times = []
  const begin = performance.now()
  while (times.length < 5 || (times.length < 50 && performance.now() - begin < 300)) {
    const start = performance.now()
    await must(run([points]))
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return {
    d,
    c,
    solver: name,
    steps: (steps as Float32Array)[0] as number,
    milliseconds: times[times.length >> 1] as number
  }
}

const rows: Row[] = []
for (const d of dimensions)
  for (const c of constants)
    for (const name of Object.keys(solvers))
      if (d <= mostWithMatrix || !withMatrix.has(name)) rows.push(await measured(d, c, name))

const machine = { cpu: cpus()[0]?.model ?? 'unknown', node: process.version, threads: 1, precision: 'float32' }
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  'bench/results/solvers.json',
  `${JSON.stringify({ command: 'npm run bench:solvers', machine, samples, rows }, null, 1)}\n`
)
const names = Object.keys(solvers)
const cell = (d: number, c: number, solver: string): string => {
  const row = rows.find(r => r.d === d && r.c === c && r.solver === solver)
  if (row === undefined) return '-'
  const text = `${row.milliseconds.toFixed(2)} (${row.steps})`
  return defaultSolver(d).name === solver ? `**${text}**` : text
}
const lines = dimensions.flatMap(d =>
  constants.map(c => `| ${d} | ${c} | ${names.map(name => cell(d, c, name)).join(' | ')} |`)
)
const text = `# Solvers

Milliseconds to the roots of ${samples} samples side by side, and the most steps of any, in parentheses: z + g(z) = y, g a dense net
d-w-d of sines with the Lipschitz bound c, w = max(64, d); float32, |F| to 1e-6 (1 + |z|). Bold: the default for that dimension.
${machine.cpu}, one thread. \`npm run bench:solvers\`.

| d | c | ${names.join(' | ')} |
|---|---|${names.map(() => '---').join('|')}|
${lines.join('\n')}
`
writeFileSync('bench/results/solvers.md', text)
process.stdout.write(text)
process.exit(0)
