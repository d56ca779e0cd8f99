import type { Reals } from '../interpret/backend.js'

/** Everything that the next step depends on, besides the settings and the seed. All arrays are flat, see `layoutOf`. */
export interface TrainState {
  /** Steps done. */
  readonly step: number
  readonly raw: Reals
  /** Singular vectors of the power iteration. */
  readonly vectors: Reals
  readonly first: Reals
  readonly second: Reals
  /** Exponential moving average of the raw parameters. */
  readonly average: Reals
  /** Normalised parameters, as the flow uses them. */
  readonly effective: Reals
}

/** What a step says about itself. */
export interface StepReport {
  /** Mean negative log-likelihood of the batch, nats, before the step. */
  readonly nats: number
  readonly gradientNorm: number
  /** Most solver steps any root took. */
  readonly solverSteps: number
}

/** Why training stops: each with the step it happened in. */
export type TrainError =
  | {
      readonly tag: 'NonFinite'
      readonly step: number
      readonly what: 'loss' | 'gradient' | 'parameters' | 'validation'
    }
  | {
      readonly tag: 'Unconverged'
      readonly step: number
      readonly block: number
      readonly rows: number
      readonly steps: number
    }
  | { readonly tag: 'UnconvergedGradient'; readonly step: number; readonly rows: number }
  | { readonly tag: 'NotContractive'; readonly step: number; readonly net: string; readonly bound: number }
  | { readonly tag: 'Backend'; readonly step: number; readonly message: string }

/** Why training stopped, in words. */
export const trainErrorMessage = (error: TrainError): string => {
  switch (error.tag) {
    case 'NonFinite':
      return `step ${error.step}: the ${error.what} is not finite; try a smaller --learning-rate`
    case 'Unconverged':
      return `step ${error.step}: ${error.rows} roots of block ${error.block} did not converge in ${error.steps} steps`
    case 'UnconvergedGradient':
      return `step ${error.step}: the linear systems of ${error.rows} rows, which the gradient is made of, did not converge`
    case 'NotContractive':
      return `step ${error.step}: ${error.net} has Lipschitz bound ${error.bound}, not below 1`
    case 'Backend':
      return `step ${error.step}: ${error.message}`
  }
}
