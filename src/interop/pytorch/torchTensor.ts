import { either as E } from 'fp-ts'
import { sizeOf } from '../../tensor/shape.js'
import { callOf, isKind, itemsOf, type Pickled } from './pickled.js'
import { isCount, storageName } from './storage.js'
import type { TorchFile } from './torchFile.js'

/** A tensor of a checkpoint; its numbers as float64 in row-major order, which is exact but for int64 from 2^53. */
export interface TorchTensor {
  readonly type: string
  readonly shape: readonly number[]
  readonly values: Float64Array
}

const counts = (value: Pickled | undefined): readonly number[] | undefined => {
  const items = itemsOf(value)
  return items?.every(isCount) ? (items as readonly number[]) : undefined
}

/** Places in a storage of every entry, row-major. */
const places = (shape: readonly number[], strides: readonly number[], offset: number): Float64Array =>
  shape.reduce(
    (from, length, axis) =>
      Float64Array.from({ length: from.length * length }, (_, i) => {
        const stride = strides[axis] as number
        return (from[Math.floor(i / length)] as number) + (i % length) * stride
      }),
    Float64Array.of(offset)
  )

/** The innermost arguments of a tensor: a parameter is a tensor in a wrapping, which may be wrapped once. */
const rebuildOf = (value: Pickled): readonly Pickled[] | undefined => {
  const parameter =
    callOf(value, '_rebuild_parameter', 'torch._utils') ??
    callOf(value, '_rebuild_parameter_with_state', 'torch._utils')
  const inner = parameter === undefined ? value : (parameter[0] ?? null)
  return callOf(inner, '_rebuild_tensor_v2', 'torch._utils') ?? callOf(inner, '_rebuild_tensor', 'torch._utils')
}

/** Whether a value is a tensor. */
export const isTensor = (value: Pickled): boolean => rebuildOf(value) !== undefined

/**
 * A tensor's numbers. Strides may be anything, storages may be shared; what lies outside of its storage is refused, and so
 * is a tensor of more numbers than the file has bytes (strides of 0 can repeat one number for ever).
 */
export const toTensor = ({ storages, length }: TorchFile, value: Pickled): E.Either<string, TorchTensor> => {
  const [storage, offset, size, stride] = rebuildOf(value) ?? []
  const [shape, strides] = [counts(size), counts(stride)]
  if (!isKind(storage, 'persistent') || !isCount(offset) || shape === undefined || shape.length !== strides?.length)
    return E.left('it is not a dense tensor')
  return E.flatMap(storageName(storage), ({ type, key, count }) => {
    const bytes = storages.get(key)
    if (bytes === undefined) return E.left(`its numbers are missing (storage ${key})`)
    if (bytes.length !== count * type.width)
      return E.left(
        `storage ${key} has ${bytes.length} bytes, where ${count} numbers of ${type.name} need ${count * type.width}`
      )
    const total = sizeOf(shape)
    if (!(total <= length)) return E.left('it has more numbers than the file has bytes')
    const last = shape.reduce((place, n, axis) => place + (n - 1) * (strides[axis] as number), offset)
    if (total > 0 && !(last < count)) return E.left(`it reaches number ${last} of its storage, which has ${count}`)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const values = total === 0 ? new Float64Array(0) : places(shape, strides, offset)
    return E.right({ type: type.name, shape, values: values.map(place => type.read(view, place * type.width)) })
  })
}
