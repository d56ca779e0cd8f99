import { either as E } from 'fp-ts'
import { cursorOf } from './cursor.js'
import { operations } from './operations.js'
import type { Persistent, Pickled } from './pickled.js'
import { emptyStack } from './stack.js'

const stop = 0x2e

/** Operations of one pickle at most, which bounds its memory; a checkpoint of a hundred tensors takes some ten thousand. */
export const mostOperations = 2 ** 21

/** What a pickle holds. */
export interface Unpickled {
  readonly value: Pickled
  /** Everything that it refers to outside of itself. */
  readonly persistents: readonly Persistent[]
  /** Where the next pickle begins. */
  readonly end: number
}

/**
 * Reads one pickle (protocols 0 to 5) as plain data. Nothing is called, imported or looked up: classes and functions stay
 * names, and what would be built by them stays a record of name, arguments and state. Memory is bounded by the file's
 * length and `mostOperations`; there is no recursion.
 * @param start where the pickle begins
 * @returns Left with what is wrong and the byte where
 * Source: Python's pickletools.py, which defines the operations.
 */
export const unpickle = (source: Uint8Array, start = 0): E.Either<string, Unpickled> => {
  const cursor = cursorOf(source, start)
  const stack = emptyStack()
  for (let count = 0; count < mostOperations; count++) {
    const at = cursor.position()
    const code = cursor.byte()
    if (cursor.overrun()) return E.left('the file ends before its pickle does')
    if (code === stop) {
      const value = stack.pop()
      return stack.fault() === undefined
        ? E.right({ value, persistents: stack.persistents(), end: cursor.position() })
        : E.left(`its pickle is damaged at byte ${at}: it ends without a value`)
    }
    const operation = operations.get(code)
    if (operation === undefined)
      return E.left(`its pickle is damaged at byte ${at}: ${code} is no operation that checkpoints have`)
    const reason = operation(stack, cursor) ?? stack.fault()
    if (cursor.overrun()) return E.left('the file ends before its pickle does')
    if (reason !== undefined) return E.left(`its pickle is damaged at byte ${at}: ${reason}`)
  }
  return E.left(`its pickle has more than ${mostOperations} operations`)
}
