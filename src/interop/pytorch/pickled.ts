/** The name of a class or function in a pickle. It is never looked up: a name is all that it is here. */
export interface Global {
  readonly kind: 'global'
  readonly module: string
  readonly name: string
}

/** Values in order. */
export interface Sequence {
  readonly kind: 'sequence'
  readonly of: 'list' | 'tuple' | 'set'
  readonly items: Pickled[]
}

/** Keys and values in order; a key may come twice, and the last counts. */
export interface Dictionary {
  readonly kind: 'dict'
  readonly entries: (readonly [Pickled, Pickled])[]
}

/** What a pickle would build by a call: whom it calls, with what, and what it adds afterwards. Nothing is called here. */
export interface Opaque {
  readonly kind: 'object'
  readonly of: Pickled
  readonly args: Pickled
  /** What was set by BUILD, the last if several; undefined if nothing. */
  state: Pickled | undefined
  /** What was appended to it. */
  readonly items: Pickled[]
  /** What was put into it by key. */
  readonly entries: (readonly [Pickled, Pickled])[]
}

/** Something that the pickle refers to and that is kept outside of it, as PyTorch keeps numbers. */
export interface Persistent {
  readonly kind: 'persistent'
  readonly id: Pickled
}

/** A value of a pickle, as plain data. Values may be shared, and may contain themselves: walk only along known paths. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Global
  | Sequence
  | Dictionary
  | Opaque
  | Persistent

type Kinded = Global | Sequence | Dictionary | Opaque | Persistent

/** Whether a value is of one of some kinds. */
export const isKind = <K extends Kinded['kind']>(
  value: Pickled | undefined,
  ...kinds: readonly K[]
): value is Extract<Kinded, { readonly kind: K }> =>
  typeof value === 'object' && value !== null && 'kind' in value && (kinds as readonly string[]).includes(value.kind)

/** Whether a value is the name of a class or function; several modules may have it, as versions of libraries move it. */
const isGlobal = (value: Pickled | undefined, name: string, ...modules: readonly string[]): boolean =>
  isKind(value, 'global') && value.name === name && modules.includes(value.module)

/** The items of a tuple or a list, or undefined. */
export const itemsOf = (value: Pickled | undefined): readonly Pickled[] | undefined =>
  isKind(value, 'sequence') && value.of !== 'set' ? value.items : undefined

/** A call's arguments if it is a call of the function named, or undefined. */
export const callOf = (
  value: Pickled | undefined,
  name: string,
  ...modules: readonly string[]
): readonly Pickled[] | undefined =>
  isKind(value, 'object') && isGlobal(value.of, name, ...modules) ? itemsOf(value.args) : undefined

const pairsOf = (value: Pickled | undefined): readonly (readonly [Pickled, Pickled])[] | undefined => {
  if (isKind(value, 'dict')) return value.entries
  if (!isKind(value, 'object') || !isGlobal(value.of, 'OrderedDict', 'collections')) return undefined
  // Old pickles give the pairs as the only argument.
  const given = itemsOf(itemsOf(value.args)?.[0]) ?? []
  const early = given.flatMap((pair): readonly (readonly [Pickled, Pickled])[] => {
    const [key, item] = itemsOf(pair) ?? []
    return key === undefined || item === undefined ? [] : [[key, item]]
  })
  return [...early, ...value.entries]
}

/** A dict or an OrderedDict by its keys that are texts, or undefined for anything else. */
export const recordOf = (value: Pickled | undefined): ReadonlyMap<string, Pickled> | undefined => {
  const pairs = pairsOf(value)
  return pairs === undefined
    ? undefined
    : new Map(pairs.flatMap(([key, item]) => (typeof key === 'string' ? [[key, item] as const] : [])))
}

/** The attributes of an object, by name: its state, which may be a dict or a dict with one of slots; undefined if none. */
export const attributesOf = (value: Pickled | undefined): ReadonlyMap<string, Pickled> | undefined =>
  isKind(value, 'object') ? (recordOf(value.state) ?? recordOf(itemsOf(value.state)?.[0])) : undefined
