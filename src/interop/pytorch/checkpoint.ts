import { either as E } from 'fp-ts'
import { attributesOf, type Pickled, recordOf } from './pickled.js'
import { parseTorchFile, type TorchFile } from './torchFile.js'
import { isTensor, type TorchTensor, toTensor } from './torchTensor.js'

/** Why a checkpoint cannot be used; a tensor is named where it is at fault. */
export interface ImportError {
  readonly _tag: 'BadCheckpoint'
  readonly file: string
  readonly reason: string
}

/** The most letters of a reason: names in hostile files may be long. */
const longest = 300

/** An error about a file; texts from the file are cut and stay on one line. */
export const badCheckpoint =
  (file: string) =>
  (reason: string): ImportError => {
    const line = reason.replace(/\p{Cc}+/gu, ' ')
    return { _tag: 'BadCheckpoint', file, reason: line.length > longest ? `${line.slice(0, longest)} ...` : line }
  }

/** One sentence on what is wrong and where. */
export const importErrorMessage = ({ file, reason }: ImportError): string => `${file}: ${reason}.`

/** What a checkpoint of the authors' training scripts holds, as far as it matters here. */
export interface Checkpoint {
  /** Tensors by name: the model's state. */
  readonly state: ReadonlyMap<string, TorchTensor>
  /** Averaged parameters by name; undefined where the file has none. */
  readonly average: ReadonlyMap<string, TorchTensor> | undefined
  /** The training script's options, texts, numbers and nulls only. */
  readonly options: ReadonlyMap<string, string | number | boolean | null>
}

type Tensors = ReadonlyMap<string, TorchTensor>

const tensorsOf = (file: TorchFile, values: ReadonlyMap<string, Pickled>): E.Either<string, Tensors> => {
  const odd = [...values].find(([, value]) => !isTensor(value))
  if (odd !== undefined) return E.left(`tensor ${odd[0]}: it is not a dense tensor`)
  return E.map((pairs: readonly (readonly [string, TorchTensor])[]) => new Map(pairs))(
    E.traverseArray(([name, value]: readonly [string, Pickled]) =>
      E.bimap(
        (reason: string) => `tensor ${name}: ${reason}`,
        (tensor: TorchTensor) => [name, tensor] as const
      )(toTensor(file, value))
    )([...values])
  )
}

/** Options as plain values; anything else (functions, devices) is left out. */
const optionsOf = (value: Pickled | undefined): Checkpoint['options'] =>
  new Map(
    [...(attributesOf(value) ?? recordOf(value) ?? [])].flatMap(([name, option]) =>
      option === null || typeof option === 'string' || typeof option === 'number' || typeof option === 'boolean'
        ? [[name, option] as const]
        : []
    )
  )

/** A file's content: a dict with `state_dict`, or the state itself. */
const contentOf = (file: TorchFile): E.Either<string, Checkpoint> => {
  const content = recordOf(file.value)
  if (content === undefined) return E.left('it holds no dict, where a checkpoint has one with state_dict')
  const state = recordOf(content.get('state_dict')) ?? content
  if (![...state.values()].some(isTensor))
    return E.left(
      `it has no state_dict with tensors (it has: ${[...content.keys()].slice(0, 8).join(', ') || 'nothing'})`
    )
  const shadow = recordOf(attributesOf(content.get('ema'))?.get('shadow_params'))
  return E.flatMap(tensorsOf(file, state), tensors =>
    E.map(
      (average: Tensors | undefined): Checkpoint => ({
        state: tensors,
        average,
        options: optionsOf(content.get('args'))
      })
    )(shadow === undefined ? E.right(undefined) : tensorsOf(file, shadow))
  )
}

/**
 * Reads a checkpoint of `torch.save`, zip or older, as plain data: no code runs, unknown classes stay opaque, and memory
 * is bounded by the file's length.
 * @param file the name to use in errors
 * failure  anything that is not such a file, is damaged, or is not a checkpoint
 */
export const parseCheckpointFile =
  (file: string) =>
  (bytes: Uint8Array): E.Either<ImportError, Checkpoint> =>
    E.mapLeft(badCheckpoint(file))(E.flatMap(parseTorchFile(bytes), contentOf))
