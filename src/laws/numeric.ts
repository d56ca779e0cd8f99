import { rowMajor, withShape } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { simplify } from '../rewrite/simplify.js'
import { input } from '../tensor/primitives/input.js'
import type { Tensor } from '../tensor/tensor.js'

/** A function of vectors of numbers, made of expressions by `reference`, and made only when it is first called. */
export const numeric = (
  lengths: readonly number[],
  outputs: readonly Tensor[] | ((inputs: readonly Tensor[]) => readonly Tensor[])
): ((vectors: readonly ArrayLike<number>[]) => readonly Float64Array[]) => {
  const made = (): ReturnType<typeof program> => {
    const inputs = lengths.map((length, i) => input(`x${i}`, [length]))
    return program(inputs, simplify(typeof outputs === 'function' ? outputs(inputs) : outputs))
  }
  let run: ReturnType<typeof program> | undefined
  return vectors => {
    run ??= made()
    return run(vectors.map(x => withShape(Float64Array.from(x), [x.length]))).map(y => Float64Array.from(rowMajor(y)))
  }
}
