import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import type { Model } from '../distribution/model.js'
import { evaluationMethod } from '../distribution/programs.js'
import type { Architecture } from '../flow/architecture.js'
import { layoutOf } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import { type Backend, type BackendError, type Reals, toPrecision, zerosOf } from '../interpret/backend.js'
import { foldIn, fromSeed } from '../random/key.js'
import { type Budget, plannedSteps } from './budget.js'
import { initialParameters, initialVectors } from './initial.js'
import { type TrainingLogDet, trainingRoulette } from './noise.js'
import { learningRateAt, type Schedule } from './schedule.js'
import type { StepReport, TrainError, TrainState } from './state.js'
import { compileStep } from './step.js'
import { type Optimiser, prepareProgram } from './update.js'
import { compileValidation } from './validation.js'

/** What a run is, apart from its data: with the seed, it determines every number but the timings. */
export interface FitSettings {
  readonly architecture: Architecture
  readonly optimiser: Optimiser
  readonly schedule: Schedule
  /** Decay of the weight average. */
  readonly average: number
  readonly seed: number
  /** How log-determinants are found in steps; those of validation are exact. */
  readonly logDet: TrainingLogDet
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
  /** Training losses since the last evaluation. */
  readonly tally: Tally
}

/** What is gathered between two evaluations. */
export interface Tally {
  /** Sum over the steps of the batch's mean negative log-likelihood, nats. */
  readonly nats: number
  readonly steps: number
}

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
  /** Called after every step. Asked whether to go on: false ends the run, by `onInterrupt`. */
  readonly onStep: (
    report: StepReport & { readonly step: number; readonly milliseconds: number; readonly planned: number | null }
  ) => boolean
  /** Called after every evaluation: to log and to save. A save that fails stops the run. */
  readonly onEvaluation: (
    progress: Progress,
    numbers: { readonly trainNats: number; readonly validationNats: number; readonly lipschitzBound: number }
  ) => TE.TaskEither<TrainError, void>
  /** Called when `onStep` said no between two evaluations: to save. Nothing is evaluated, so that resuming repeats nothing. */
  readonly onInterrupt: (progress: Progress) => TE.TaskEither<TrainError, void>
}

/** How often a run is evaluated and saved, besides its end, and the least number of steps between two evaluations. */
const evaluations = 25
const leastSteps = 25

/** The method of training: roots to 1e-6 in float32, and log-determinants that are exact unless a step estimates them. */
const methodOf = (backend: Backend): Method => evaluationMethod(backend)

const atStep =
  (step: number) =>
  <A>(task: TE.TaskEither<BackendError, A>): TE.TaskEither<TrainError, A> =>
    TE.mapLeft(({ message }: BackendError): TrainError => ({ tag: 'Backend', step, message }))(task)

/**
 * The start of a run: parameters and singular vectors from the seed, averages equal to the parameters, no moments. Raw
 * parameters begin as the effective ones they make, so that a step moves both equally far: the first layer's raw weights
 * would otherwise be several times as long, and learn as many times more slowly.
 */
export const start = (
  { backend }: Pick<FitContext, 'backend'>,
  { architecture, seed }: Pick<FitSettings, 'architecture' | 'seed'>
): TE.TaskEither<TrainError, Progress> => {
  const layout = layoutOf(architecture)
  const key = fromSeed(seed)
  const raw = toPrecision(backend.precision, initialParameters(foldIn(key, 1), layout))
  const vectors = toPrecision(backend.precision, initialVectors(foldIn(key, 2), layout))
  const zeros = zerosOf(backend.precision)
  return F.pipe(
    prepareProgram(backend, architecture, 100),
    TE.flatMap(prepare => prepare([raw, vectors])),
    atStep(0),
    TE.map(([effective, refreshed]) => ({
      state: {
        step: 0,
        raw: effective as Reals,
        vectors: refreshed as Reals,
        first: zeros(layout.size),
        second: zeros(layout.size),
        average: effective as Reals,
        effective: effective as Reals
      },
      best: null,
      planned: null,
      tally: { nats: 0, steps: 0 }
    }))
  )
}

/**
 * Goes on from some progress until the budget is used up or `onStep` says no. Step for step the same however often it
 * was interrupted: batches, learning rates and evaluations depend on the step and the planned number of steps only.
 */
export const fit = (
  context: FitContext,
  settings: FitSettings,
  from: Progress
): TE.TaskEither<TrainError, Progress> => {
  const { backend, threads, budget, batch, validation, now } = context
  const { architecture, optimiser, schedule, average, seed, logDet } = settings
  const roulette = trainingRoulette(architecture, logDet)
  const method = methodOf(backend)
  const compiled = F.pipe(
    compileStep(backend, {
      ...{ architecture, method, optimiser, average, threads, roulette, seed },
      batch: batch(from.state.step).rows
    }),
    TE.bindTo('step'),
    TE.bind('validate', () => compileValidation(backend, architecture, method, validation, threads)),
    atStep(from.state.step)
  )

  return TE.flatMap(compiled, ({ step, validate }) => {
    const evaluate = (progress: Progress): TE.TaskEither<TrainError, Progress> =>
      TE.flatMap(validate(progress.state), ({ model, lipschitzBound, nats }) => {
        const { step: at } = progress.state
        if (!Number.isFinite(nats))
          return TE.left<TrainError, Progress>({ tag: 'NonFinite', step: at, what: 'validation' })
        const better = progress.best === null || nats < progress.best.validation
        const best = better ? { step: at, validation: nats, model } : progress.best
        const trainNats = progress.tally.nats / Math.max(1, progress.tally.steps)
        const next = { ...progress, best, tally: { nats: 0, steps: 0 } }
        return TE.map(() => next)(context.onEvaluation(next, { trainNats, validationNats: nats, lipschitzBound }))
      })

    const advance = (
      progress: Progress,
      planned: number | null
    ): TE.TaskEither<TrainError, readonly [Progress, boolean]> => {
      const { state, tally } = progress
      const before = now()
      const share = planned === null ? 0 : state.step / planned
      return TE.map(([next, report]: readonly [TrainState, StepReport]): readonly [Progress, boolean] => {
        const goOn = context.onStep({ ...report, step: next.step, milliseconds: now() - before, planned })
        return [
          { ...progress, planned, state: next, tally: { nats: tally.nats + report.nats, steps: tally.steps + 1 } },
          goOn
        ]
      })(step(state, batch(state.step), learningRateAt(schedule, state.step, share)))
    }

    return async () => {
      let progress: Progress = from
      const begun = now()
      for (;;) {
        const planned = progress.planned ?? plannedSteps(budget, progress.state.step, (now() - begun) / 1000)
        if (planned !== null && progress.state.step >= planned) return E.right({ ...progress, planned })
        const advanced = await advance(progress, planned)()
        if (E.isLeft(advanced)) return advanced
        const [next, goOn] = advanced.right
        const every = planned === null ? Infinity : Math.max(leastSteps, Math.ceil(planned / evaluations))
        const due = next.state.step % every === 0 || next.state.step === planned
        const after = await (due ? evaluate(next) : TE.right<TrainError, Progress>(next))()
        if (E.isLeft(after)) return after
        progress = after.right
        if (goOn) continue
        return due ? after : await TE.map(() => progress)(context.onInterrupt(progress))()
      }
    }
  })
}
