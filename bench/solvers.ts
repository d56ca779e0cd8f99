import { mkdirSync, writeFileSync } from 'node:fs'
import { must } from '../spec/support/must.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { vectorizeOver } from '../src/rewrite/vectorize.js'
import { defaultSolver } from '../src/solve/defaultSolver.js'
import { isRoot, root, solved } from '../src/solve/root.js'
import { add } from '../src/tensor/primitives/add.js'
import { input } from '../src/tensor/primitives/input.js'
import { max } from '../src/tensor/primitives/max.js'
import { reshape } from '../src/tensor/primitives/reshape.js'
import { sub } from '../src/tensor/primitives/sub.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { processor } from './machine.js'
import { rotatedSines, solvers } from './rotatedSines.js'

/**
 * Every solver on shared problems z + g(z) = y, g(z) = c Q S sin(Q'z), Q orthogonal, S diagonal from -1 to 1, roots of length 1/2;
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
const withMatrix = new Set(['broyden', 'newton'])
const backend = onnxBackend('float32')

interface Row {
  readonly d: number
  readonly c: number
  readonly solver: string
  readonly steps: number
  readonly milliseconds: number
}

const measured = async (d: number, c: number, name: string): Promise<Row> => {
  const g = rotatedSines(d, c)
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
  const roots = input('z', [d, samples])
  const [images] = vectorizeOver(x => [add(x as Tensor, g(x as Tensor))], [roots], [true], samples, 'last') as [Tensor]
  const directions = normal(fromSeed(7))(d * samples)
  const lengths = Array.from({ length: samples }, (_, i) =>
    Math.hypot(...directions.filter((_x, k) => k % samples === i))
  )
  const exactly = directions.map((x, k) => (0.5 * x) / (lengths[k % samples] as number))
  const [points] = (await must((await must(backend.compile([roots], [images])))([Float32Array.from(exactly)]))) as [
    Float32Array
  ]
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

const machine = { cpu: processor, node: process.version, threads: 1, precision: 'float32' }
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

Milliseconds to the roots of ${samples} samples side by side, and the most steps of any, in parentheses: z + g(z) = y, g(z) = c Q S sin(Q'z)
with Q orthogonal and S diagonal from -1 to 1, so that g is nearly as steep as its Lipschitz constant c at the roots, which have
length 1/2; float32, |F| to 1e-6 (1 + |z|). Bold: the default for that dimension; -: left out, a matrix of n^2 numbers a sample.
${machine.cpu}, one thread. \`npm run bench:solvers\`.

| d | c | ${names.join(' | ')} |
|---|---|${names.map(() => '---').join('|')}|
${lines.join('\n')}
`
writeFileSync('bench/results/solvers.md', text)
process.stdout.write(text)
process.exit(0)
