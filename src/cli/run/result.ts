import * as t from 'io-ts'

/** The last word on a run: `result.json`, and what `train --json` prints. */
export const resultCodec = t.type({
  run: t.string,
  steps: t.number,
  parameters: t.number,
  /** Median, evaluation excluded. */
  secondsPerStep: t.union([t.number, t.null]),
  /** Mean over the batches since the last evaluation but one. */
  trainBits: t.union([t.number, t.null]),
  /** The best of the run, of the weights that are kept. */
  validBits: t.number,
  testBits: t.number,
  testNats: t.number,
  /** Of testBits, in bits. */
  testStandardError: t.number,
  entropyBits: t.union([t.number, t.null]),
  maxRootErrorBound: t.number,
  maxLipschitzBound: t.number,
  backend: t.string,
  precision: t.string,
  threads: t.number
})

/**
 * The last word on a run. Bits and nats are negative log-likelihoods of a point, in the units of the data; test numbers are
 * computed in float64, once, on points that neither training nor selection has seen.
 */
export type Result = Readonly<t.TypeOf<typeof resultCodec>>

/** One line of JSON. */
export const toResultLine = (result: Result): string => `${JSON.stringify(result)}\n`
