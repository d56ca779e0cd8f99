import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { must } from '../spec/support/must.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { contractiveMlp } from '../src/lipschitz/contractive.js'
import { neumannSeries, powerSeries } from '../src/logdet/powerSeries.js'
import { activations } from '../src/net/activations.js'
import { fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { grad } from '../src/rewrite/derivatives.js'
import { vectorizeOver } from '../src/rewrite/vectorize.js'
import { constantOf } from '../src/tensor/primitives/constant.js'
import { input } from '../src/tensor/primitives/input.js'
import { reshape } from '../src/tensor/primitives/reshape.js'
import { sum } from '../src/tensor/primitives/sum.js'
import { sizeOf } from '../src/tensor/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'

/**
 * Peak memory of the gradient of an estimated log-determinant against the number of terms: the pathwise form, which keeps every
 * power of J, and the Neumann form, which keeps none. Every case is a process of its own. Writes bench/results/gradient-memory.{json,md}:
 *   npm run bench:gradient-memory
 */
const [d, batch, widths] = [8, 4000, [8, 128, 128, 8]]
const forms = { pathwise: powerSeries, neumann: neumannSeries } as const
const counts = [5, 10, 20, 40, 80]

/** Bytes that a process has at most held, the gradient taken three times. */
const measured = async (form: keyof typeof forms, terms: number): Promise<number> => {
  const backend = onnxBackend('float32')
  const shapes = widths.slice(1).flatMap((out, l) => [[out, widths[l] as number], [out]])
  const parameters = shapes.map((shape, i) => input(`p${i}`, shape))
  const [x, probes] = [input('x', [d, batch]), input('probes', [d, batch])]
  const coefficients = input('coefficients', [terms])
  const loss = (tensors: readonly Tensor[]): Tensor => {
    const layers = widths
      .slice(1)
      .map((_, l) => ({ weight: tensors[2 * l] as Tensor, bias: tensors[2 * l + 1] as Tensor }))
    const net = contractiveMlp({ activation: activations.sine, leading: false }).net({
      layers,
      betas: [],
      norms: layers.map(() => constantOf(0.9))
    })
    const [values] = vectorizeOver(
      (point, v) => [forms[form]({ probes: reshape(v as Tensor, [1, d]), coefficients })(net)(point as Tensor)],
      [x, probes],
      [true, true],
      batch,
      'last'
    )
    return sum(values as Tensor)
  }
  const run = await must(backend.compile([...parameters, x, probes, coefficients], grad(loss)(parameters)))
  const draw = (seed: number, shape: readonly number[], size: number) =>
    Float32Array.from(normal(fromSeed(seed))(sizeOf(shape)), v => v * size)
  const numbers = [
    ...shapes.map((shape, i) => draw(i, shape, 0.3 / Math.sqrt(shape[1] ?? 1))),
    draw(20, [d, batch], 1),
    draw(21, [d, batch], 1),
    new Float32Array(terms).fill(1)
  ]
  for (let i = 0; i < 3; i++) await must(run(numbers))
  return process.resourceUsage().maxRSS * 1024
}

const [form, terms] = process.argv.slice(2)
if (form !== undefined && terms !== undefined) {
  process.stdout.write(String(await measured(form as keyof typeof forms, Number(terms))))
  process.exit(0)
}

const rows = counts.map(count => {
  const of = (name: keyof typeof forms): number =>
    Number(
      spawnSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), name, String(count)], {
        encoding: 'utf8'
      }).stdout
    )
  return { terms: count, pathwise: of('pathwise'), neumann: of('neumann') }
})
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  'bench/results/gradient-memory.json',
  `${JSON.stringify({ command: 'npm run bench:gradient-memory', d, batch, widths, rows }, null, 2)}\n`
)
const text = `# Memory of the gradient of an estimated log-determinant

Most that a process held, MiB, for ${batch.toLocaleString('en-US')} points of a net ${widths.join('-')} in float32, Node and ONNX Runtime included;
\`powerSeries\` keeps every power of J for its derivative, \`neumannSeries\` (Lu et al. 2021, eq. 15) keeps none. \`npm run bench:gradient-memory\`.

| terms | pathwise | Neumann series |
|---|---|---|
${rows.map(row => `| ${row.terms} | ${(row.pathwise / 2 ** 20).toFixed(0)} | ${(row.neumann / 2 ** 20).toFixed(0)} |`).join('\n')}
`
writeFileSync('bench/results/gradient-memory.md', text)
process.stdout.write(text)
