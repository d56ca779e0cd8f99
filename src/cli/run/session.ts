import type { Backend } from '../../interpret/backend.js'
import type { Dataset } from '../../train/dataset.js'
import type { RunConfig } from '../../train/runFolder/config.js'
import type { Env } from '../env.js'

/** A run that is being worked on. */
export interface Session {
  readonly env: Env
  readonly folder: string
  readonly config: RunConfig
  readonly dataset: Dataset
  readonly backend: Backend
  readonly threads: number
  /** No progress but a bar, nothing on stdout but the result. */
  readonly quiet: boolean
}

/** The middle of some numbers; NaN for none. */
export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2
}

/** A negative log-likelihood of the flow's points, nats, as bits in the units of the data. */
export const toBits = ({ logScale }: Pick<Dataset, 'logScale'>, nats: number): number => (nats + logScale) / Math.LN2

/** The words that go on with a run. */
export const resumeCommand = ({ config, folder }: Pick<Session, 'config' | 'folder'>): string => {
  const word = config.dataset.path ?? config.dataset.name
  const quoted = (text: string): string => (/[^\w./:=-]/.test(text) ? JSON.stringify(text) : text)
  return `impflow train ${quoted(word)} --out ${quoted(folder)} --resume`
}
