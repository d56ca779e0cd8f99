import type { taskEither as TE } from 'fp-ts'
import type { DataError } from '../data/dataError.js'
import type { Points } from '../data/points.js'
import type { Backend, BackendError, GpuMode, Precision } from '../interpret/backend.js'
import type { Disk } from '../train/runFolder/disk.js'
import type { Peer } from './conform/peer.js'

/** What a progress bar needs of a stream; `process.stderr` is one. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly write: (text: string) => unknown
}

/** All that commands use of the world; a record, so that a spec can replace any part of it. */
export interface Env {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number
  readonly disk: Disk
  readonly readPoints: (path: string) => TE.TaskEither<DataError, Points>
  /** Results, to stdout. */
  readonly print: (text: string) => void
  /** Notes and progress. */
  readonly stderr: Terminal
  /** Whether a person has asked to stop. */
  readonly interrupted: () => boolean
  readonly backend: (
    name: Backend['name'],
    precision: Precision,
    gpuMode?: GpuMode | null
  ) => TE.TaskEither<BackendError, Backend>
  /** Starts a command line of the system's shell as a process that is asked line by line. */
  readonly launch: (command: string) => Peer
  /** Threads that the machine runs at once. */
  readonly cores: number
  readonly versions: {
    readonly impflow: string
    readonly node: string
    readonly onnxruntime: string | null
    readonly gpuJs?: string | null
  }
  /** Folder of the tables that come with the package. */
  readonly tables: string
  /** Folder of numbered runs. */
  readonly runs: string
}

/** A line on stderr. */
export const say = (env: Pick<Env, 'stderr'>, line: string): void => {
  env.stderr.write(`${line}\n`)
}
