import { basename, join, resolve } from 'node:path'
import { either as E, taskEither as TE } from 'fp-ts'
import { type DataError, dataErrorMessage } from '../../data/dataError.js'
import type { Density } from '../../data/density.js'
import { toSource } from '../../data/parsePoints.js'
import type { Points } from '../../data/points.js'
import type { Splits } from '../../data/split.js'
import { pointsOf } from '../../data/tables.js'
import type { UciTable } from '../../data/uci.js'
import { type Dataset, generatedDataset, splitDataset, tableDataset, type Use } from '../../train/dataset.js'
import { namedDataset } from '../../train/datasetName.js'
import { hashOf } from '../../train/runFolder/runFolder.js'
import type { Env } from '../env.js'
import { type Failure, failed, misused, orFail } from '../failure.js'

/** Where points come from: a generator, or a table, of the package (without a path) or of a person's file. */
export type Source =
  | { readonly name: string; readonly path: null; readonly hash: null; readonly density: Density }
  | { readonly name: string; readonly path: string | null; readonly hash: string; readonly points: Points }
  /** Of a table in parts: the path is the data root. */
  | { readonly name: string; readonly path: string; readonly hash: string; readonly splits: Splits }

/** A name for runs, from a path: `data/my table.csv.gz` gives `my-table`. */
const runName = (path: string): string => {
  const { file, array } = toSource(path)
  const stem = basename(file).replace(/\.(csv|tsv|txt|npy|npz)(\.gz)?$/i, '')
  return [stem, ...(array === undefined ? [] : [array])].join('-').replace(/[^\w.-]+/g, '-') || 'data'
}

/** Where the files of the UCI tables are looked for, unless told. */
const defaultRoot = 'data'

/** Reads a table whose files a person has below a folder; one that is missing is told with what it is. */
const openUci = (
  env: Pick<Env, 'readPoints'>,
  { name, files, conversion, splits }: UciTable,
  root: string
): TE.TaskEither<Failure, Source> => {
  const missing = (file: string): Failure =>
    failed(
      `${name} needs the file ${file}, which is not there. It is one of the preprocessed data sets of Papamakarios et al. 2017; ` +
        `--data-root DIR says which folder has ${files.join(' and ')}.` +
        (conversion === undefined ? '' : ` Convert it, in that folder, by: ${conversion}`)
    )
  const read = TE.traverseSeqArray((file: string) =>
    TE.mapLeft((error: DataError) =>
      error._tag === 'FileNotFound' ? missing(error.file) : failed(dataErrorMessage(error))
    )(env.readPoints(join(root, file)))
  )(files)
  return TE.flatMapEither(read, parts =>
    E.bimap(
      (error: DataError) => failed(`${name} in ${root}: ${dataErrorMessage(error)}`),
      (found: Splits): Source => ({ name, path: resolve(root), hash: hashOf(found.training), splits: found })
    )(splits(parts))
  )
}

/** Finds again what a run was made of. */
export const openRecorded = (
  env: Pick<Env, 'readPoints' | 'tables'>,
  { name, path }: { readonly name: string; readonly path: string | null }
): TE.TaskEither<Failure, Source> =>
  namedDataset(name).tag === 'Uci' ? openSource(env, name, path) : openSource(env, path ?? name)

/**
 * Finds what a person means by a data set, and reads it if it is a file.
 * @param root folder of the files of the UCI tables; `data` where null
 */
export const openSource = (
  env: Pick<Env, 'readPoints' | 'tables'>,
  word: string,
  root: string | null = null
): TE.TaskEither<Failure, Source> => {
  const named = namedDataset(word)
  switch (named.tag) {
    case 'Generator':
      return TE.right({ name: named.density.name, path: null, hash: null, density: named.density })
    case 'Table': {
      const { table } = named
      const read = orFail(dataErrorMessage)(env.readPoints(join(env.tables, table.file)))
      return TE.map((numbers: Points): Source => {
        const points = pointsOf(table, numbers)
        return { name: table.name, path: null, hash: hashOf(points), points }
      })(read)
    }
    case 'Uci':
      return openUci(env, named.table, root ?? defaultRoot)
    case 'File':
      return TE.map(
        (points: Points): Source => ({
          name: runName(named.path),
          path: resolve(named.path),
          hash: hashOf(points),
          points
        })
      )(orFail(dataErrorMessage)(env.readPoints(named.path)))
    case 'NoDensity':
      return TE.left(
        failed(
          `${named.name} lies on a curve, so it has no density in the plane and a flow's likelihood on it is unbounded. ` +
            'Choose another data set: impflow datasets'
        )
      )
    case 'Unknown':
      return TE.left(
        misused(
          `There is no data set ${JSON.stringify(word)}${named.nearest === null ? '' : `; did you mean ${named.nearest}`}${
            named.nearest === null ? '.' : '?'
          } Names: impflow datasets. Files end in .csv, .tsv, .txt, .npy or .npz, also with .gz, or in .hdf5.`
        )
      )
  }
}

/** The data set of a source, for a seed and a batch size. */
export const datasetOf = (source: Source, use: Use): E.Either<Failure, Dataset> => {
  if ('density' in source) return E.right(generatedDataset(source.density, use))
  if ('splits' in source) return E.right(splitDataset(source.name, source.splits, use))
  return E.mapLeft((error: DataError) => failed(`${source.path ?? source.name}: ${dataErrorMessage(error)}`))(
    tableDataset(source.name, source.points, use)
  )
}
