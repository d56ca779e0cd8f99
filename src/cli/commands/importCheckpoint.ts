import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { function as F, taskEither as TE } from 'fp-ts'
import { parameterCount } from '../../flow/layout.js'
import { importErrorMessage, parseCheckpointFile } from '../../interop/pytorch/checkpoint.js'
import { type Imported, type ImportOptions, importModel } from '../../interop/pytorch/importModel.js'
import { type ImportRecord, saveImportRecord } from '../../train/runFolder/importRecord.js'
import { nextRun, saveModel } from '../../train/runFolder/runFolder.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import type { Env } from '../env.js'
import { type Failure, orFail } from '../failure.js'
import { existing } from '../run/existing.js'

/** What `import` is asked. */
export interface ImportRequest extends ImportOptions {
  /** A file of `torch.save`. */
  readonly checkpoint: string
  readonly out: string | null
  /** Nothing on stdout but one line of JSON. */
  readonly json: boolean
}

const onFolder = orFail(runFolderErrorMessage)

const recordOf = (env: Env, checkpoint: string, bytes: Uint8Array, imported: Imported): ImportRecord => ({
  format: 'impflow-import-v1',
  checkpoint: basename(checkpoint),
  hash: createHash('sha256').update(bytes).digest('hex'),
  weights: imported.weights,
  dataset: imported.dataset,
  certified: imported.lipschitzBound < 1,
  lipschitzBound: imported.lipschitzBound,
  versions: { impflow: env.versions.impflow, node: env.versions.node }
})

/** What a person reads. */
const summary = (folder: string, { model, weights, averaged, lipschitzBound }: Imported): string => {
  const { architecture } = model
  const { blocks, dimension, hidden, activation, actNorms = [] } = architecture
  const kind = architecture.model === 'impflow' ? 'ImpFlow' : 'residual'
  const widths = [dimension, ...hidden, dimension].join('-')
  const norms = actNorms.length === 0 ? '' : `, ${actNorms.length} ActNorm${actNorms.length === 1 ? '' : 's'}`
  const proved =
    lipschitzBound < 1
      ? `Lipschitz constants proved at most ${lipschitzBound.toFixed(3)}`
      : `UNCERTIFIED: a Lipschitz bound is ${lipschitzBound.toFixed(3)}, not below 1, so nothing proves that the flow is invertible`
  return [
    `model     ${blocks} ${kind} block${blocks === 1 ? '' : 's'} of ${widths} ${activation} nets${norms}`,
    `          ${parameterCount(architecture).toLocaleString('en-US')} parameters of ${weights}, used as given; ${proved}`,
    ...(averaged && weights !== 'ema' ? ['          the file holds averaged weights too: take them by --ema'] : []),
    `run       ${folder}`,
    ''
  ].join('\n')
}

/** A run's name from a file's. */
const nameOf = (path: string): string => basename(path).replace(/\.[^.]*$/, '') || 'checkpoint'

/**
 * Makes a run folder of a PyTorch checkpoint of the authors' toy and tabular training: `model.safetensors`, `model.json`
 * and `import.json`, which says where they come from.
 * failure  a checkpoint that cannot be used, a folder that exists already
 */
export const importCheckpoint = (env: Env, request: ImportRequest): TE.TaskEither<Failure, Imported> => {
  const { checkpoint, out, json } = request
  const read = orFail(importErrorMessage)
  return F.pipe(
    onFolder(env.disk.read(checkpoint)),
    TE.bindTo('bytes'),
    TE.bind('content', ({ bytes }) => read(TE.fromEither(parseCheckpointFile(checkpoint)(bytes)))),
    TE.bind('imported', ({ content }) => read(TE.fromEither(importModel(checkpoint, content, request)))),
    TE.bind('folder', () =>
      out === null ? onFolder(nextRun(env.disk, env.runs, nameOf(checkpoint))) : TE.right<Failure, string>(out)
    ),
    TE.tap(({ folder }) => orFail(existing(folder, 'Choose another --out.'))(env.disk.makeFolder(folder))),
    TE.tap(({ bytes, folder, imported }) =>
      onFolder(saveImportRecord(env.disk, folder, recordOf(env, checkpoint, bytes, imported)))
    ),
    TE.tap(({ folder, imported }) => onFolder(saveModel(env.disk, folder, imported.model))),
    TE.map(({ folder, imported }) => {
      const { model, weights, averaged, dataset, lipschitzBound } = imported
      const line = {
        run: folder,
        ...model.architecture,
        weights,
        averaged,
        dataset,
        lipschitzBound,
        certified: lipschitzBound < 1
      }
      env.print(json ? `${JSON.stringify(line)}\n` : summary(folder, imported))
      return imported
    })
  )
}
