import type { DiskError } from '../../train/runFolder/disk.js'
import { type RunFolderError, runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'

/** What is wrong with making a folder; one that exists needs another word than the system's, and advice. */
export const existing =
  (folder: string, advice: string): ((error: RunFolderError) => string) =>
  error =>
    error._tag === 'DiskError' && (error as DiskError).code === 'EEXIST'
      ? `${folder}: the folder exists already. ${advice}`
      : runFolderErrorMessage(error)
