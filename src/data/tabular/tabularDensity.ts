import type { Estimate, KnownDensity } from '../density.js'

/** A density in many dimensions with the two numbers a model's test score is read against, nats a point. */
export interface TabularDensity extends KnownDensity {
  /** The expected log-density under the density itself: the best test log-likelihood there is, and minus the entropy. */
  readonly optimum: Estimate
  /** What the best single Gaussian scores. */
  readonly gaussianScore: number
}

/** The optimum and the entropy it implies. */
export const fromOptimum = (optimum: Estimate): { readonly optimum: Estimate; readonly entropy: Estimate } => ({
  optimum,
  entropy: { nats: -optimum.nats, plusMinus: optimum.plusMinus }
})
