import { taskEither as TE } from 'fp-ts'
import { simplify } from '../../rewrite/simplify.js'
import type { Backend, Reals } from '../backend.js'
import { reference } from '../runningError/machine.js'
import { rowMajor, withShape } from './arrays.js'
import { program } from './evaluate.js'

/** The definition of correct: ndarray in float64. */
export const referenceBackend: Backend = {
  name: 'reference',
  precision: 'float64',
  machine: reference,
  compile: (inputs, outputs) => {
    const run = program(inputs, simplify(outputs))
    return TE.right(values =>
      TE.fromIO(() =>
        run(inputs.map((x, i) => withShape(Float64Array.from(values[i] as Reals), x.shape))).map(result =>
          Float64Array.from(rowMajor(result))
        )
      )
    )
  }
}
