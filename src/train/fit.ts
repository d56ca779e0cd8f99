import type { taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import type { Model } from '../distribution/model.js'
import type { Architecture } from '../flow/architecture.js'
import type { Backend } from '../interpret/backend.js'
import type { Schedule } from './schedule.js'
import type { StepReport, TrainError, TrainState } from './state.js'
import type { Optimiser } from './update.js'

/** What a run is, apart from its data: with the seed, it determines every number but the timings. */
export interface FitSettings {
  readonly architecture: Architecture
  readonly optimiser: Optimiser
  readonly schedule: Schedule
  /** Decay of the weight average. */
  readonly average: number
  readonly seed: number
}

/** The best averaged weights so far, by validation. */
export interface Best {
  readonly step: number
  /** Mean negative log-likelihood of the validation points, nats, in the units of the points as trained on. */
  readonly validation: number
  readonly model: Model
}

/** All that a run needs to go on as if it had never stopped. */
export interface Progress {
  readonly state: TrainState
  readonly best: Best | null
  /** Steps that the run will take in all; the learning rate depends on it. Null while a time budget is being measured. */
  readonly planned: number | null
}

/** How long a run may take: steps, or seconds, turned into steps once the speed is known. */
export type Budget = { readonly steps: number } | { readonly seconds: number }

/** What a run is given from outside. */
export interface FitContext {
  readonly backend: Backend
  readonly threads: number
  readonly budget: Budget
  /** The batch of a step, from 0; the same points whenever it is asked. */
  readonly batch: (step: number) => Points
  readonly validation: Points
  /** Milliseconds on some clock. */
  readonly now: () => number
  /** Called after every step. Asked whether to go on: false ends the run after saving. */
  readonly onStep: (report: StepReport & { readonly step: number; readonly milliseconds: number; readonly planned: number | null }) => boolean
  /** Called after every evaluation: to log and to save. A save that fails stops the run. */
  readonly onEvaluation: (
    progress: Progress,
    numbers: { readonly trainNats: number; readonly validationNats: number; readonly lipschitzBound: number }
  ) => TE.TaskEither<TrainError, void>
}

/** The start of a run: parameters from the seed. */
export declare const start: (context: FitContext, settings: FitSettings) => TE.TaskEither<TrainError, Progress>

/** Goes on from some progress until the budget is used up or `onStep` says no. Step for step the same however often interrupted. */
export declare const fit: (
  context: FitContext,
  settings: FitSettings,
  from: Progress
) => TE.TaskEither<TrainError, Progress>
