/** The zip archives that `torch.save` writes: nothing is compressed, and every file in them has a checksum. */
import { unzipSync } from 'fflate'
import { either as E } from 'fp-ts'
import { defect } from '../../prelude/defect.js'
import { crc32 } from './crc32.js'
import { cursorOf } from './cursor.js'

/** The files of an archive by name. */
export type Entries = ReadonlyMap<string, Uint8Array>

/** Bytes that the directory of an archive has for one file at least, and that the end of an archive has. */
const entryBytes = 46
const endBytes = 22

/** What the parts of an archive begin with. */
const signatures = { entry: 0x02014b50, end: 0x06054b50, locator: 0x07064b50 }

/** Where the directory starts: said by the end of the archive, or by the end that a zip64 archive has before that. */
const directoryAt = (bytes: Uint8Array): number => {
  const word = (at: number): number => cursorOf(bytes, Math.max(0, at)).unsigned(4)
  let end = bytes.length - endBytes
  while (end > 0 && word(end) !== signatures.end) end--
  return word(end - 20) === signatures.locator ? word(word(end - 12) + 48) : word(end + 16)
}

/** The checksums that the directory has of so many files, in its order. */
const checksums = (bytes: Uint8Array, count: number): E.Either<string, readonly number[]> => {
  const found: number[] = []
  for (let at = directoryAt(bytes); found.length < count; ) {
    const cursor = cursorOf(bytes, at)
    const isEntry = cursor.unsigned(4) === signatures.entry
    cursor.bytes(12)
    found.push(cursor.unsigned(4))
    cursor.bytes(8)
    const lengths = [cursor.unsigned(2), cursor.unsigned(2), cursor.unsigned(2)]
    if (!isEntry || cursor.overrun()) return E.left('its zip archive is damaged (its directory has no entry there)')
    at += entryBytes + lengths.reduce((sum, length) => sum + length, 0)
  }
  return E.right(found)
}

/** A text of the file for a message. */
const short = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}...` : name)

/**
 * The files of an archive; together they are no longer than it, and each has the checksum that the directory says.
 * @returns Left with what is wrong, and in which file of the archive
 */
export const unzipped = (bytes: Uint8Array): E.Either<string, Entries> => {
  const listed: { readonly name: string; readonly size: number; readonly compression: number }[] = []
  const attempt = <A>(read: () => A): E.Either<string, A> =>
    E.tryCatch(read, cause => {
      const message = cause instanceof Error ? cause.message : String(cause)
      return `its zip archive is damaged (${message.replace(/^impflow: /, '')})`
    })
  const list = attempt(() =>
    unzipSync(bytes, {
      filter: entry => {
        listed.push(entry)
        // Only an exception stops the library, which believes whatever number of files the archive claims.
        return listed.length * entryBytes > bytes.length ? defect('it lists more files than it has room for') : false
      }
    })
  )
  if (E.isLeft(list)) return list
  if (new Set(listed.map(({ name }) => name)).size < listed.length)
    return E.left('its zip archive has two files of one name')
  if (listed.some(({ compression }) => compression !== 0))
    return E.left('its zip archive is compressed, which torch.save never does: save it again with torch.save')
  if (!(listed.reduce((sum, { size }) => sum + size, 0) <= bytes.length))
    return E.left('its zip archive says that it holds more than the file does')
  const files = attempt(() => new Map(Object.entries(unzipSync(bytes))))
  if (E.isLeft(files)) return files
  return E.flatMap((expected: readonly number[]): E.Either<string, Entries> => {
    const changed = listed.find(({ name }, i) => crc32(files.right.get(name) ?? new Uint8Array(0)) !== expected[i])
    return changed === undefined
      ? files
      : E.left(`${short(changed.name)} in its zip archive was changed or damaged: its CRC-32 is not what it should be`)
  })(checksums(bytes, listed.length))
}
