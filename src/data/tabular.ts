/**
 * Three densities in 20 and 21 dimensions whose best test log-likelihood is known, so that a model's score can be read on an
 * absolute scale. Optima: means of the exact log-density over draws, with the error given.
 */
import { ringnorm } from './tabular/ringnorm.js'
import type { TabularDensity } from './tabular/tabularDensity.js'
import { twonorm } from './tabular/twonorm.js'
import { waveform } from './tabular/waveform.js'

/** Waveform, twonorm and ringnorm, of Breiman. */
export const tabulars: ReadonlyArray<TabularDensity> = [waveform, twonorm, ringnorm]
