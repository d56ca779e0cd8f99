/**
 * Laws that anyone's flow can be held to, in any test runner: `import { laws } from 'impflow/laws'`. A subject is described
 * by plain functions of numbers and by the errors that it claims; `laws.bijection(subject)` and its siblings return laws,
 * `laws.register(it, ...)` hands them to a runner, and `law.check({ seed, cases })` runs one without any.
 */
import { bijection } from './bijection.js'
import { changeOfVariables } from './changeOfVariables.js'
import { contractive, lipschitz } from './contractive.js'
import { density } from './density.js'
import { derivative } from './derivative.js'
import { estimator, power } from './estimator.js'
import { checkAll, explain, register } from './law.js'
import { parity } from './parity.js'
import { primitive } from './primitive.js'
import { sampler } from './sampler.js'
import { solver } from './solver.js'
import { optimiser, reload, selection } from './training.js'

/** The laws by subject, and what runs them. */
export const laws = {
  bijection,
  contractive,
  lipschitz,
  solver,
  density,
  changeOfVariables,
  derivative,
  primitive,
  parity,
  estimator,
  sampler,
  optimiser,
  selection,
  reload,
  power,
  register,
  checkAll,
  explain
} as const

export type { Applicable, Application } from './applications.js'
export type { StretchedFlow } from './changeOfVariables.js'
export type { ConfidenceOptions, MeanInterval } from './confidence.js'
export { meanInterval } from './confidence.js'
export type { NumberNet } from './contractive.js'
export type { NumberDensity } from './density.js'
export type { NumberFunction } from './derivative.js'
export type { NumberEstimator, Outcome } from './estimator.js'
export { flowFrom, functionFrom, netFrom, solverFrom } from './expressions.js'
export type { Direction, NumberFlow, NumberImage } from './flow.js'
export type { CheckOptions, Failed, Held, Law, Verdict } from './law.js'
export type { Interpreter, ParityOptions } from './parity.js'
export type { RootProblem } from './rootProblem.js'
export type { NumberSampler } from './sampler.js'
export type { FoundRoot, NumberSolver } from './solver.js'
export type { CandidateLosses, NumberOptimiser, Reloadable, Selection } from './training.js'
