/**
 * The two formats of `torch.save`: a zip archive (version 1.6 and later) with a pickle and a file a storage, and before
 * that one stream: four pickles, then the storages one after another.
 * Source: PyTorch 1.13, torch/serialization.py.
 */
import { either as E } from 'fp-ts'
import { unzipped } from './archive.js'
import { cursorOf } from './cursor.js'
import { itemsOf, type Persistent, type Pickled, recordOf } from './pickled.js'
import { isSource, type StorageName, storageName } from './storage.js'
import { unpickle } from './unpickle.js'

/** What `torch.save` wrote: a value as plain data, and the bytes of its storages by key. */
export interface TorchFile {
  readonly value: Pickled
  readonly storages: ReadonlyMap<string, Uint8Array>
  /** Length of the file in bytes. */
  readonly length: number
}

const zipFile = (bytes: Uint8Array): E.Either<string, TorchFile> =>
  E.flatMap(unzipped(bytes), entries => {
    const pickles = [...entries.keys()].filter(name => /^([^/]+\/)?data\.pkl$/.test(name))
    const [name = ''] = pickles
    if (pickles.length !== 1)
      return E.left(
        `it is a zip archive with ${pickles.length} files data.pkl in it, where a checkpoint of torch.save has one`
      )
    const folder = name.slice(0, -'data.pkl'.length)
    const order = entries.get(`${folder}byteorder`)
    if (order !== undefined && new TextDecoder().decode(order) !== 'little')
      return E.left('its numbers are not little-endian')
    const prefix = `${folder}data/`
    return E.map(({ value }: { readonly value: Pickled }): TorchFile => {
      const storages = [...entries].flatMap(([path, content]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), content] as const] : []
      )
      return { value, storages: new Map(storages), length: bytes.length }
    })(unpickle(entries.get(name) as Uint8Array))
  })

/** The number that begins the old format. */
const magic = 0x1950a86a20f9469cfc6cn

/** The storages of the old format: in the order of their keys, each with its length in front. */
const laidOut = (
  bytes: Uint8Array,
  start: number,
  keys: readonly Pickled[],
  names: ReadonlyMap<string, StorageName>
): E.Either<string, TorchFile['storages']> => {
  const cursor = cursorOf(bytes, start)
  const storages = new Map<string, Uint8Array>()
  for (const key of keys) {
    const name = typeof key === 'string' ? names.get(key) : undefined
    if (name === undefined) return E.left('it lists a storage that no tensor has')
    const count = cursor.unsigned(8)
    if (!cursor.overrun() && count !== name.count)
      return E.left(`storage ${name.key} has ${count} numbers, where its tensors say ${name.count}`)
    storages.set(name.key, cursor.bytes(count * name.type.width))
    if (cursor.overrun()) return E.left(`the file ends before the numbers of storage ${name.key} do`)
  }
  return E.right(storages)
}

const namesOf = (persistents: readonly Persistent[]): E.Either<string, ReadonlyMap<string, StorageName>> =>
  E.map((names: readonly StorageName[]) => new Map(names.map(name => [name.key, name])))(
    E.traverseArray(storageName)(persistents.filter(persistent => !isSource(persistent)))
  )

const streamFile = (bytes: Uint8Array): E.Either<string, TorchFile> => {
  const first = unpickle(bytes)
  if (E.isLeft(first) || first.right.value !== magic)
    return E.left('it is neither a zip archive nor a file of torch.save')
  return E.flatMap(unpickle(bytes, first.right.end), version => {
    if (version.value !== 1001) return E.left(`its protocol is ${String(version.value)}, where 1001 is known`)
    return E.flatMap(unpickle(bytes, version.end), system => {
      if (recordOf(system.value)?.get('little_endian') !== true) return E.left('its numbers are not little-endian')
      return E.flatMap(unpickle(bytes, system.end), ({ value, persistents, end }) =>
        E.flatMap(unpickle(bytes, end), keys =>
          E.flatMap(namesOf(persistents), names =>
            E.map((storages: TorchFile['storages']): TorchFile => ({ value, storages, length: bytes.length }))(
              laidOut(bytes, keys.end, itemsOf(keys.value) ?? [], names)
            )
          )
        )
      )
    })
  })
}

/** Reads what `torch.save` wrote, in either format, as plain data; see `unpickle`. @returns Left with what is wrong */
export const parseTorchFile = (bytes: Uint8Array): E.Either<string, TorchFile> => {
  if (bytes.length === 0) return E.left('the file is empty')
  const zip = bytes[0] === 0x50 && bytes[1] === 0x4b
  return zip ? zipFile(bytes) : streamFile(bytes)
}
