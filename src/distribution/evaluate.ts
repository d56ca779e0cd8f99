import type { taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import type { Backend } from '../interpret/backend.js'
import type { Densities, Model } from './model.js'

/** Why a model cannot be evaluated: a backend's refusal, or a sample whose root was not found (index, steps, |F|, bound). */
export type EvaluateError =
  | { readonly tag: 'Backend'; readonly message: string }
  | { readonly tag: 'NotContractive'; readonly net: string; readonly bound: number }
  | { readonly tag: 'Unconverged'; readonly sample: number; readonly steps: number; readonly residual: number; readonly bound: number }

/** Compiles a model's density. The result of a row never depends on the others. Unconverged rows are reported, not refused. */
export declare const compileDensity: (
  backend: Backend,
  model: Model,
  options: { readonly threads: number }
) => TE.TaskEither<EvaluateError, (points: Points) => TE.TaskEither<EvaluateError, Densities>>

/** Compiles a model's sampler: noise [rows d] -> points in the units of the data. */
export declare const compileSampler: (
  backend: Backend,
  model: Model,
  options: { readonly threads: number }
) => TE.TaskEither<EvaluateError, (noise: Points) => TE.TaskEither<EvaluateError, Points>>
