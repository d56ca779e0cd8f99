import { toArray } from '../src/interpret/reference/reference.js'
import { cayley } from '../src/lipschitz/layers/linear.js'
import { foldIn, fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { anderson } from '../src/solve/anderson.js'
import { broyden } from '../src/solve/broyden.js'
import { limitedBroyden } from '../src/solve/limitedBroyden.js'
import { newton } from '../src/solve/newton.js'
import { newtonKrylov } from '../src/solve/newtonKrylov.js'
import { picard } from '../src/solve/picard.js'
import type { Solver } from '../src/solve/solver.js'
import { fromArray } from '../src/tensor/constructors.js'
import { matmul } from '../src/tensor/primitives/matmul.js'
import { mul } from '../src/tensor/primitives/mul.js'
import { reshape } from '../src/tensor/primitives/reshape.js'
import { sin } from '../src/tensor/primitives/sin.js'
import type { Tensor } from '../src/tensor/tensor.js'

/** Every solver, by name. */
export const solvers: Readonly<Record<string, Solver>> = {
  picard,
  anderson: anderson(),
  limitedBroyden: limitedBroyden(),
  newtonKrylov: newtonKrylov(),
  broyden: broyden(),
  newton
}

/** Orthogonal matrices [d d], made once. */
const orthogonal = new Map<number, Tensor>()
const frameOf = (d: number): Tensor => {
  const known = orthogonal.get(d)
  if (known !== undefined) return known
  const raw = fromArray(normal(foldIn(fromSeed(5), d))(d * d), [d, d])
  const made = fromArray(Array.from(toArray(cayley(raw))), [d, d])
  orthogonal.set(d, made)
  return made
}

/**
 * g(z) = c Q S sin(Q'z), Q orthogonal, S diagonal from -1 to 1: a contraction of constant c, which some direction attains.
 * z [d] -> [d].
 */
export const rotatedSines = (d: number, c: number): ((z: Tensor) => Tensor) => {
  const q = frameOf(d)
  const slopes = Array.from({ length: d }, (_, i) => c * (d === 1 ? -1 : -1 + (2 * i) / (d - 1)))
  const diagonal = reshape(fromArray(slopes), [d, 1])
  return z => reshape(matmul(q, mul(diagonal, sin(matmul(q, reshape(z, [d, 1]), { transposeA: true })))), [d])
}
