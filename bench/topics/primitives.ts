import { must } from '../../spec/support/must.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { input } from '../../src/tensor/primitives/input.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { sizeOf } from '../../src/tensor/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { type Comparison, type Size, type Subject, timedHere } from '../comparison.js'
import { type PrimitiveTask, primitivePeers } from '../peers/primitives.js'
import {
  type ArrayServer,
  arrayServer,
  type Kernels,
  kernelChoices,
  python,
  pythonMissing,
  withKernels
} from '../python.js'
import { given, interpreters } from '../subjects.js'

const expressions: Readonly<Record<PrimitiveTask['operation'], (inputs: readonly Tensor[]) => Tensor>> = {
  matmul: ([a, b]) => matmul(a as Tensor, b as Tensor),
  multiply: ([a, b]) => mul(a as Tensor, b as Tensor),
  sine: ([x]) => sin(x as Tensor),
  rowSums: ([x]) => sum(x as Tensor, [1])
}

const servers = new Map<Kernels, ArrayServer>()

/** Operations of NumPy and PyTorch, timed in their own process. */
const inPython = async (
  kernels: Kernels,
  { operation, shapes, values }: PrimitiveTask
): Promise<readonly Subject[]> => {
  const ask = servers.get(kernels) ?? arrayServer(1, kernels)
  servers.set(kernels, ask)
  const subjects: Subject[] = []
  for (const [name, library] of [
    ['NumPy', 'numpy'],
    ['PyTorch', 'torch']
  ] as const)
    for (const precision of ['float32', 'float64'] as const) {
      const inputs = values.map((numbers, i) => ({ shape: shapes[i], values: Array.from(numbers) }))
      const { id } = await ask({ load: { library, operation, precision, threads: 1, inputs } })
      subjects.push({
        name: withKernels(name, kernels),
        precision,
        threads: 1,
        answer: async () => [(await ask({ answer: id })).values as number[]],
        measure: async seconds => (await ask({ measure: id, seconds })).ms as number[]
      })
    }
  return subjects
}

/** Products of the shapes that a flow has, sines and sums of its hidden layers; results read back where they are elsewhere. */
export const primitives = async (size: Size): Promise<readonly Comparison[]> => {
  const [width, batches] = size === 'tiny' ? [4, [6]] : [128, [500, 5000]]
  const { found, missing } = await interpreters()
  const absent = [...missing]
  const opened = await Promise.all(primitivePeers.map(async peer => ({ ...peer, make: await peer.open() })))
  for (const { name, precision, make } of opened)
    if ('missing' in make) absent.push(`${name} ${precision}: ${make.missing}; npm ci --prefix bench/peers`)
  if (python === undefined) absent.push(`NumPy and PyTorch: ${pythonMissing}`)

  const comparison = async (
    name: string,
    operation: PrimitiveTask['operation'],
    ...shapes: readonly (readonly number[])[]
  ): Promise<Comparison> => {
    const values = shapes.map((shape, i) => normal(foldIn(fromSeed(21), i))(sizeOf(shape)))
    const task: PrimitiveTask = { operation, shapes, values }
    const own = await Promise.all(
      found.map(async ({ name: subject, backend }) => {
        const inputs = shapes.map((shape, i) => input(`x${i}`, shape))
        const run = await must(backend.compile(inputs, [expressions[operation](inputs)]))
        const numbers = values.map(v => given(backend, v))
        return timedHere({ name: subject, precision: backend.precision, threads: 1 }, () => must(run(numbers)))
      })
    )
    const others = opened.flatMap(({ name: subject, precision, make }) => {
      const run = 'missing' in make ? null : make(task)
      return run === null ? [] : [timedHere({ name: subject, precision, threads: 1 }, run)]
    })
    // Kernels differ in products only.
    const choices = operation === 'matmul' ? kernelChoices : kernelChoices.slice(0, 1)
    const remote: Subject[] = []
    for (const kernels of choices) remote.push(...(await inPython(kernels, task)))
    return { name, subjects: [...own, ...others, ...remote], missing: absent }
  }

  const [first, last] = [batches[0] as number, batches.at(-1) as number]
  const shown = (...shape: readonly number[]): string => `[${shape.join(' ')}]`
  return [
    ...(await Promise.all(
      batches.map(batch =>
        comparison(`product ${shown(width, width)} x ${shown(width, batch)}`, 'matmul', [width, width], [width, batch])
      )
    )),
    await comparison(`product ${shown(width, 2)} x ${shown(2, last)}`, 'matmul', [width, 2], [2, last]),
    await comparison(
      `product ${shown(width, first)} x ${shown(first, width)}`,
      'matmul',
      [width, first],
      [first, width]
    ),
    await comparison(`batch of ${first} products [2 2] x [2 2]`, 'matmul', [first, 2, 2], [first, 2, 2]),
    await comparison(`entries of ${shown(width, first)} multiplied`, 'multiply', [width, first], [width, first]),
    await comparison(`sine of ${shown(width, first)}`, 'sine', [width, first]),
    await comparison(`sums of the rows of ${shown(width, first)}`, 'rowSums', [width, first])
  ]
}
