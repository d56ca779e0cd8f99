import type * as t from 'io-ts'
import { type SafetensorsError, safetensorsErrorMessage } from '../../interop/safetensors.js'
import { type DiskError, diskErrorMessage } from './disk.js'

/** Why a run folder cannot be used. */
export type RunFolderError =
  | DiskError
  | SafetensorsError
  /** The path holds no run at all. */
  | { readonly _tag: 'NotARun'; readonly path: string; readonly missing: string }
  /** A file of the run is not what this program writes. */
  | { readonly _tag: 'Damaged'; readonly file: string; readonly reason: string }
  /** Settings given on resuming that are not the run's. */
  | {
      readonly _tag: 'Changed'
      readonly path: string
      readonly changes: readonly { readonly setting: string; readonly was: string; readonly now: string }[]
    }

/** One or two sentences on what is wrong, where, and what would be right. */
export const runFolderErrorMessage = (error: RunFolderError): string => {
  switch (error._tag) {
    case 'DiskError':
      return diskErrorMessage(error)
    case 'BadSafetensors':
      return `${safetensorsErrorMessage(error)} The file is damaged or was not written by impflow.`
    case 'NotARun':
      return `${error.path}: this is not a run folder (there is no ${error.missing} in it). Give a folder that \`impflow train\` or \`impflow import\` made.`
    case 'Damaged':
      return `${error.file}: ${error.reason}. The file is damaged or was not written by impflow.`
    case 'Changed':
      return (
        `${error.path}: a run goes on with the settings it began with. Changed: ` +
        `${error.changes.map(({ setting, was, now }) => `${setting} (${was} -> ${now})`).join(', ')}. ` +
        'Leave these options out, or start a new run without --resume.'
      )
  }
}

const pathOf = (context: t.Context): string =>
  context
    .map(({ key }) => key)
    .filter(key => key !== '')
    .join('.')

/** The first thing wrong with a decoded JSON file, as an error that names the field. */
export const fieldError =
  (file: string) =>
  (errors: t.Errors): RunFolderError => {
    const [error] = errors
    const found = JSON.stringify(error?.value) ?? 'nothing'
    const wanted = error?.context.at(-1)?.type.name ?? 'something else'
    return {
      _tag: 'Damaged',
      file,
      reason: `field ${pathOf(error?.context ?? [])} is ${found.slice(0, 60)}, where ${wanted} should be`
    }
  }

/** JSON, or why not. */
export const notJson = (file: string): RunFolderError => ({ _tag: 'Damaged', file, reason: 'it is not JSON' })
