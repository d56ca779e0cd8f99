import { isKind, type Persistent, type Pickled } from './pickled.js'

/** The stack of a pickle machine, its marks and its memo. What is missing is noted as a fault, and null is given for it. */
export interface Stack {
  readonly push: (value: Pickled) => undefined
  readonly pop: () => Pickled
  readonly top: () => Pickled
  readonly mark: () => undefined
  /** Everything since the last mark, which goes away. */
  readonly popMark: () => Pickled[]
  readonly remember: (index: number) => undefined
  readonly recall: (index: number) => undefined
  /** How many values are remembered. */
  readonly remembered: () => number
  /** Everything outside of the pickle that was pushed so far. */
  readonly persistents: () => readonly Persistent[]
  readonly fault: () => string | undefined
}

/** An empty stack. */
export const emptyStack = (): Stack => {
  const values: Pickled[] = []
  const marks: number[] = []
  const memo = new Map<number, Pickled>()
  const outside: Persistent[] = []
  let fault: string | undefined
  const missing = (reason: string): null => {
    fault ??= reason
    return null
  }
  const floor = (): number => marks.at(-1) ?? 0
  const top = (): Pickled =>
    values.length > floor() ? (values.at(-1) as Pickled) : missing('it takes a value from an empty stack')
  return {
    push: value => {
      values.push(value)
      if (isKind(value, 'persistent')) outside.push(value)
      return undefined
    },
    pop: () => {
      const value = top()
      if (values.length > floor()) values.pop()
      return value
    },
    top,
    mark: () => {
      marks.push(values.length)
      return undefined
    },
    popMark: () => {
      const from = marks.pop()
      if (from !== undefined) return values.splice(from)
      missing('it takes values down to a mark that was never set')
      return []
    },
    remember: index => {
      memo.set(index, top())
      return undefined
    },
    recall: index => {
      values.push(memo.get(index) ?? (memo.has(index) ? null : missing(`it recalls value ${index}, never remembered`)))
      return undefined
    },
    remembered: () => memo.size,
    persistents: () => outside,
    fault: () => fault
  }
}
