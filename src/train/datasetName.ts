import type { Density } from '../data/density.js'
import { type Table, tables } from '../data/tables.js'
import { tabulars } from '../data/tabular.js'
import { curves, toys } from '../data/toy.js'
import { type UciTable, uciTables } from '../data/uci.js'

/** Every distribution that has a name, those on curves included. */
export const namedDensities: readonly Density[] = [...toys, ...tabulars, ...curves]

/** What a person's word for a data set means. */
export type NamedDataset =
  | { readonly tag: 'Generator'; readonly density: Density }
  | { readonly tag: 'Table'; readonly table: Table }
  /** A table whose files a person has. */
  | { readonly tag: 'Uci'; readonly table: UciTable }
  | { readonly tag: 'File'; readonly path: string }
  /** It lies on a curve: no model's likelihood is bounded there. */
  | { readonly tag: 'NoDensity'; readonly name: string }
  | { readonly tag: 'Unknown'; readonly name: string; readonly nearest: string | null }

const looksLikePath = (name: string): boolean => /[/\\]|\.(csv|tsv|txt|npy|npz|hdf5|h5)(\.gz)?(:.+)?$/i.test(name)

/** Fewest insertions, deletions and replacements of a letter from one word to another (Levenshtein 1966). */
export const editDistance = (from: string, to: string): number =>
  [...from].reduce<readonly number[]>(
    (above, letter, i) =>
      [...to].reduce<readonly number[]>(
        (row, other, j) => [
          ...row,
          Math.min(
            (row[j] as number) + 1,
            (above[j + 1] as number) + 1,
            (above[j] as number) + (letter === other ? 0 : 1)
          )
        ],
        [i + 1]
      ),
    Array.from({ length: to.length + 1 }, (_, j) => j)
  )[to.length] as number

/** The name nearest to a word, if it is near at all. */
const nearestName = (word: string, names: readonly string[]): string | null => {
  const [best] = names
    .map(name => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= Math.max(2, Math.floor(best.name.length / 3)) ? best.name : null
}

/**
 * A generator or a table by its name, or a file by its path.
 * @example namedDataset('chekerboard') // => { tag: 'Unknown', name: 'chekerboard', nearest: 'checkerboard' }
 */
export const namedDataset = (name: string): NamedDataset => {
  const density = namedDensities.find(known => known.name === name)
  if (density !== undefined)
    return density.logDensity === null ? { tag: 'NoDensity', name } : { tag: 'Generator', density }
  const table = tables.find(known => known.name === name)
  if (table !== undefined) return { tag: 'Table', table }
  const uci = uciTables.find(known => known.name === name)
  if (uci !== undefined) return { tag: 'Uci', table: uci }
  if (looksLikePath(name)) return { tag: 'File', path: name }
  const trainable = [...namedDensities.filter(({ logDensity }) => logDensity !== null), ...tables, ...uciTables].map(
    known => known.name
  )
  return { tag: 'Unknown', name, nearest: nearestName(name, trainable) }
}
