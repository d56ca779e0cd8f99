import { abs } from '../../tensor/primitives/abs.js'
import { constantOf, constantOwning, numbersOf } from '../../tensor/primitives/constant.js'
import type { Tensor } from '../../tensor/tensor.js'
import { rowMajor } from '../reference/arrays.js'
import type { Machine } from './machine.js'
import { plus, scaled, tinyOf } from './magnitudes.js'

/** How far the stored numbers of a constant are from its own: known exactly. */
export const constantError = (machine: Machine, constant: Tensor): Tensor => {
  const values = numbersOf(constant)
  const errors = values === undefined ? new Float64Array(0) : rowMajor(values).map(x => storageError(machine, x))
  return errors.every(error => error === 0) ? constantOf(0, constant.shape) : constantOwning(errors, constant.shape)
}

const storageError = ({ stored, tiny }: Machine, x: number): number => {
  const error = Object.is(stored(x), x) ? 0 : Math.abs(stored(x) - x)
  return error === 0 ? 0 : Math.max(error, tiny)
}

/** How far the stored numbers of an input may be from those given. */
export const inputError = (machine: Machine, variable: Tensor): Tensor =>
  machine.storage === 0
    ? constantOf(0, variable.shape)
    : plus(scaled(abs(variable), machine.storage * machine.unitRoundoff), tinyOf(machine))
