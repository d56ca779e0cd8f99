import { either as E } from 'fp-ts'
import type { GpuMode, Reals } from '../../../../src/interpret/backend.js'
import { gpuBackend } from '../../../../src/interpret/gpu/gpuBackend.js'
import { referenceBackend } from '../../../../src/interpret/reference/referenceBackend.js'
import { reference } from '../../../../src/interpret/runningError/machine.js'
import { roundingErrors } from '../../../../src/interpret/runningError/runningError.js'
import { fromSeed } from '../../../../src/random/key.js'
import { normal } from '../../../../src/random/normal.js'
import { grad } from '../../../../src/rewrite/derivatives.js'
import { add } from '../../../../src/tensor/primitives/add.js'
import { broadcastTrailing } from '../../../../src/tensor/primitives/broadcast.js'
import { exp } from '../../../../src/tensor/primitives/exp.js'
import { input } from '../../../../src/tensor/primitives/input.js'
import { matmul } from '../../../../src/tensor/primitives/matmul.js'
import { max } from '../../../../src/tensor/primitives/max.js'
import { mul } from '../../../../src/tensor/primitives/mul.js'
import { sin } from '../../../../src/tensor/primitives/sin.js'
import { softplus } from '../../../../src/tensor/primitives/softplus.js'
import { sum } from '../../../../src/tensor/primitives/sum.js'
import { tanh } from '../../../../src/tensor/primitives/tanh.js'
import { sizeOf } from '../../../../src/tensor/shape.js'
import type { Tensor } from '../../../../src/tensor/tensor.js'

/** What the page finds for a mode of gpu.js. */
export interface Found {
  readonly adapter: string
  /** For every case, the largest difference from reference over the bound allowed. */
  readonly worst: Readonly<Record<string, number>>
}

const weight = input('weight', [24, 24])
const bias = input('bias', [24])
const points = input('points', [24, 40])
const inputs = [weight, bias, points]

const layer = (w: Tensor, b: Tensor, x: Tensor): Tensor => sin(add(matmul(w, x), broadcastTrailing(b, 40)))
const net = ([w, b]: readonly [Tensor, Tensor]): Tensor => sum(mul(matmul(w, layer(w, b, layer(w, b, points))), points))

const cases: Readonly<Record<string, Tensor>> = {
  'a layer: product, bias and sine in one kernel': layer(weight, bias, points),
  'transposed product': matmul(points, weight, { transposeA: true, transposeB: true }),
  'tanh, exponential and softplus of a chain': softplus(mul(tanh(points), exp(points))),
  'sums and maxima along either axis': add(sum(points, [0]), max(points, [0])),
  'gradient of two layers by the weight': grad(net)([weight, bias])[0] as Tensor,
  'gradient of two layers by the bias': grad(net)([weight, bias])[1] as Tensor
}

const must = <L, A>(result: E.Either<L, A>): A => {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

const check = async (mode: GpuMode): Promise<Found> => {
  const backend = must(await gpuBackend(mode, { from: 0 })())
  const numbers = inputs.map(({ shape }, i) => normal(fromSeed(i))(sizeOf(shape)).map(x => Math.fround(x / 3)))
  const worst: Record<string, number> = {}
  for (const [name, tensor] of Object.entries(cases)) {
    const bounds = [...roundingErrors(backend.machine)([tensor]), ...roundingErrors(reference)([tensor])]
    const [theirs] = must(await must(await backend.compile(inputs, [tensor])())(numbers)()) as [Reals]
    const [ours, e, f] = must(await must(await referenceBackend.compile(inputs, [tensor, ...bounds])())(numbers)()) as [
      Reals,
      Reals,
      Reals
    ]
    worst[name] = Float64Array.from(theirs).reduce(
      (most, x, i) => Math.max(most, Math.abs(x - (ours[i] as number)) / ((e[i] as number) + (f[i] as number))),
      0
    )
  }
  return { adapter: backend.device?.adapter ?? '', worst }
}

Object.assign(globalThis, { check })
