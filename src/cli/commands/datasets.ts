import { tables } from '../../data/tables.js'
import { uciTables } from '../../data/uci.js'
import { namedDensities } from '../../train/datasetName.js'
import type { Env } from '../env.js'

/** What `datasets` says of one. Entropies are the least negative log-likelihood any model can have. */
export interface DatasetInfo {
  readonly name: string
  readonly description: string
  readonly dimension: number
  readonly entropyNats: number | null
  readonly entropyBits: number | null
  /** Of a table; null of a generator, which makes fresh points for every batch. */
  readonly rows: number | null
  /** Of a table that does not come with the package: its files below --data-root. */
  readonly files: readonly string[] | null
}

/** Every named data set. */
const datasetInfos: readonly DatasetInfo[] = [
  ...namedDensities.map(({ name, description, dimension, entropy }) => ({
    name,
    description,
    dimension,
    entropyNats: entropy?.nats ?? null,
    entropyBits: entropy === null ? null : entropy.nats / Math.LN2,
    rows: null,
    files: null
  })),
  ...[...tables, ...uciTables].map(table => ({
    name: table.name,
    description: table.description,
    dimension: table.dimension,
    entropyNats: null,
    entropyBits: null,
    rows: 'rows' in table ? table.rows : null,
    files: 'files' in table ? table.files : null
  }))
]

const shown = (entropy: number | null): string => (entropy === null ? '-' : entropy.toFixed(3)).padStart(8)

const row = ({ name, description, dimension, entropyNats, entropyBits, rows, files }: DatasetInfo): string => {
  const size = rows !== null ? ` (${rows} rows)` : files !== null ? ` (your ${files[0]?.replace(/:.*/, '')})` : ''
  return `${name.padEnd(13)}${String(dimension).padStart(4)}${shown(entropyNats)}${shown(entropyBits)}  ${description}${size}\n`
}

/** Prints the named data sets with their entropies. */
export const datasets = (env: Pick<Env, 'print'>, json: boolean): void => {
  if (json) {
    env.print(`${JSON.stringify(datasetInfos)}\n`)
    return
  }
  env.print(`${'name'.padEnd(13)} dim    nats    bits  description\n`)
  env.print(datasetInfos.map(row).join(''))
  env.print(
    '\nnats, bits: the entropy; no model scores below it. Batches of what has neither rows nor files are fresh\n' +
      'points; files are those of the preprocessed UCI tables, below --data-root.\n' +
      'Own data: a path to .csv, .tsv, .txt, .npy or .npz (also .gz) or .hdf5, one row a point.\n'
  )
}
