/** How long a run may take: steps, or seconds, turned into steps once the speed is known. */
export type Budget = { readonly steps: number } | { readonly seconds: number }

/** A time budget turns into steps when this share of it has passed, or this many seconds; at least after some steps. */
const measuredShare = 1 / 4
const measuredSeconds = 30
const measuredSteps = 3

/** Share of a time budget that steps may take; evaluations take the rest. */
const stepShare = 0.85

/** The number of steps that a run will take in all; null while a time budget is being measured. */
export const plannedSteps = (budget: Budget, done: number, elapsedSeconds: number): number | null => {
  if ('steps' in budget) return budget.steps
  const { seconds } = budget
  const measured = done >= measuredSteps && elapsedSeconds >= Math.min(measuredSeconds, seconds * measuredShare)
  if (!measured && elapsedSeconds < seconds) return null
  return Math.max(done + 1, Math.floor((done * seconds * stepShare) / elapsedSeconds))
}
