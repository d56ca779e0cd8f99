/** What Ctrl-C does: the first asks to stop at the next good moment, the second stops at once. */
export interface Interruption {
  /** To be called on every signal. */
  readonly signal: () => void
  readonly requested: () => boolean
}

/**
 * An interruption that has not been asked for yet.
 * @param say says to the person that it was understood
 * @param exit ends the process
 */
export const interruption = (say: (line: string) => void, exit: (code: number) => void): Interruption => {
  let count = 0
  return {
    signal: () => {
      count += 1
      if (count === 1) say('\nStopping after this step and saving; press Ctrl-C again to stop at once.')
      else exit(130)
    },
    requested: () => count > 0
  }
}
