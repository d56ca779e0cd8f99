import { either as E } from 'fp-ts'
import * as t from 'io-ts'

const metricCodec = t.type({
  step: t.number,
  /** Mean over the batches since the last evaluation. */
  trainBits: t.number,
  validBits: t.number,
  learningRate: t.number,
  /** Median over the steps since the last evaluation. */
  secondsPerStep: t.number,
  lipschitzBound: t.number,
  /** Time in all, interruptions not counted. */
  elapsedSeconds: t.number
})

/** One line of `metrics.jsonl`: what an evaluation found. Bits are negative log-likelihoods in the units of the data. */
export type Metric = Readonly<t.TypeOf<typeof metricCodec>>

export const toMetricLine = (metric: Metric): string => `${JSON.stringify(metric)}\n`

/** The metrics of a text up to a step. A last line that was cut short by a crash is dropped. */
export const parseMetrics = (text: string, lastStep = Infinity): readonly Metric[] =>
  text.split('\n').flatMap(line => {
    const json = E.tryCatch(
      (): unknown => JSON.parse(line),
      () => null
    )
    const metric = E.isRight(json) ? metricCodec.decode(json.right) : json
    return E.isRight(metric) && metric.right.step <= lastStep ? [metric.right] : []
  })
