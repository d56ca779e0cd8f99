import progress from 'cli-progress'
import type { Terminal } from '../env.js'
import { type Status, statusLine, statusText } from './status.js'

/** Something that shows how a run goes. */
export interface ProgressView {
  readonly step: (status: Status) => void
  /** Called after every evaluation. */
  readonly evaluation: (status: Status, validBits: number) => void
  readonly close: () => void
}

const silent: ProgressView = { step: () => {}, evaluation: () => {}, close: () => {} }

/** One line an evaluation: for logs. */
const lines = (terminal: Terminal): ProgressView => ({
  ...silent,
  evaluation: (status, validBits) => {
    terminal.write(`step ${statusText(status)}  validation ${validBits.toFixed(3)}\n`)
  }
})

/** A bar that is drawn over itself. */
const bar = (terminal: Terminal): ProgressView => {
  const drawn = new progress.SingleBar({
    stream: terminal as NodeJS.WriteStream,
    fps: 5,
    hideCursor: true,
    gracefulExit: false,
    format: (_options, _params, payload: { readonly status?: Status }) =>
      payload.status === undefined ? 'compiling' : statusLine(payload.status, (terminal.columns ?? 80) - 1)
  })
  drawn.start(1, 0, {})
  const show = (status: Status): void => {
    drawn.setTotal(status.planned ?? status.step + 1)
    drawn.update(status.step, { status })
  }
  return { step: show, evaluation: show, close: () => drawn.stop() }
}

/** A bar on a terminal, lines elsewhere; with `quiet` a bar or nothing. */
export const progressView = (terminal: Terminal, quiet: boolean): ProgressView =>
  terminal.isTTY === true ? bar(terminal) : quiet ? silent : lines(terminal)
