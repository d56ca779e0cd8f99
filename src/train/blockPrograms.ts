import { standardNormal } from '../distribution/normal.js'
import type { Architecture } from '../flow/architecture.js'
import { flowInput, layoutOf, packed, unpacked } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import type { Backend } from '../interpret/backend.js'
import { once } from '../prelude/once.js'
import { grad, valueAndGrad } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { knownAs, rootsOf } from '../solve/root.js'
import { substitute } from '../tensor/graph.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { at } from '../tensor/primitives/slice.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import { linearCounts, noiseInputs, noisyFlow, rootCounts, rootJudgement, stacked } from './rowsProgram.js'

/** The map of one block of the flow over rows [d size], and its log-determinants [size], as expressions of its inputs. */
const blockOf = (one: Architecture, method: Method, size: number, terms: number | null) => {
  const layout = layoutOf(one)
  const d = one.dimension
  const flat = input('effective', [layout.size])
  const [points, weights] = [input('points', [d, size]), input('weights', [size])]
  const noise = noiseInputs(d, size, terms)
  const [probes, coefficients] = noise
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => constantOf(one.coefficient))
  const images = (tensors: readonly Tensor[], rows: Tensor): readonly [value: Tensor, logDet: Tensor] => {
    const mapped = probes === undefined ? [rows] : [rows, probes]
    return simplify(
      vectorizeOver(
        (x, probe) => {
          const { value, logDet } = noisyFlow(one, method, probe, coefficients).forward(flowInput(one, tensors, norms))(
            x as Tensor
          )
          return [value, logDet]
        },
        mapped,
        mapped.map(() => true),
        size,
        'last'
      )
    ) as readonly Tensor[] as readonly [Tensor, Tensor]
  }
  return { inputs: [flat, points, weights, ...noise], parts: unpacked(layout, flat), points, weights, noise, images }
}

/**
 * The programs of one block, over inputs flat parameters, points [d size] and weights [size]:
 * forward    -> image, and where it has roots, of every root: its value [d size]; rows above the tolerance; most steps
 * score      -> image, sum of weighted log-determinants
 * judge      -> image, and where it has roots, of every root: the rows that have not converged, rounding allowed for
 * backward   and the loss's gradient in the image, the roots if there are any, the noise if there is any
 *            -> sum of weighted log-determinants, the loss's gradients in the parameters and in the points, the rows of linear
 *               systems behind them that did not converge [1]
 */
export const blockPrograms = (
  backend: Backend,
  one: Architecture,
  method: Method,
  size: number,
  threads: number,
  terms: number | null
) => {
  const { inputs, parts, points, weights, noise, images } = blockOf(one, method, size, terms)
  const [value, logDet] = images(parts, points)
  const roots = rootsOf([value])
  const cotangent = input('cotangent', value.shape)
  const known = roots.length === 0 ? [] : [input('roots', [roots.length, ...value.shape])]
  /** What `images` gives, with the loss it is part of; roots are those found on the way forwards. */
  const objective = (tensors: readonly Tensor[], rows: Tensor): readonly [loss: Tensor, gained: Tensor] => {
    const images_ = images(tensors, rows)
    const found = rootsOf(images_).map((node, i) => [node, knownAs(node, at(known[0] as Tensor, 0, i))] as const)
    const [image, log] = substitute(images_, new Map(found)) as readonly Tensor[] as readonly [Tensor, Tensor]
    const gain = sum(mul(weights, log))
    return [sub(sum(mul(cotangent, image)), gain), gain]
  }
  const gained = sum(mul(weights, logDet))
  const [, gain] = objective(parts, points)
  const slopes = grad(
    ({ tensors, rows }: { readonly tensors: readonly Tensor[]; readonly rows: Tensor }) => objective(tensors, rows)[0]
  )({ tensors: parts, rows: points })

  const gradients = [packed(slopes.tensors), slopes.rows]
  const own = inputs.slice(0, 3)
  return {
    roots: roots.length,
    forward: backend.compile(own, [value, ...stacked(roots), ...rootCounts(roots, weights)], threads),
    score: backend.compile(inputs, [value, gained], threads),
    judge: once(backend.compile(own, [value, ...rootJudgement(roots, backend.machine, weights)])),
    backward: backend.compile(
      [...own, cotangent, ...known, ...noise],
      [gain, ...gradients, linearCounts(gradients, weights)],
      threads
    )
  }
}

/** The base density's part of the loss, and its gradient in the noise [d size]. */
export const baseProgram = (backend: Backend, d: number, size: number, threads: number) => {
  const [z, weights] = [input('z', [d, size]), input('weights', [size])]
  const [loss, slope] = valueAndGrad((noise: Tensor) => {
    const [logs] = vectorizeOver(x => [standardNormal(x as Tensor)], [noise], [true], size, 'last')
    return neg(sum(mul(weights, logs as Tensor)))
  })(z)
  return backend.compile([z, weights], [loss, slope], threads)
}
