import { either as E } from 'fp-ts'
import { defect } from '../prelude/defect.js'
import type { DataError } from './dataError.js'
import type { Points } from './points.js'

/** Mean and standard deviation of every column, from the training part alone; in the data's own units. */
export interface Standardisation {
  readonly mean: Float64Array
  readonly scale: Float64Array
}

const columnOf = ({ rows, columns, values }: Points, j: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => values[i * columns + j] as number)

const meanOf = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0) / column.length

/** Two passes, in units of the largest deviation, so that squares neither cancel nor overflow nor underflow. */
const scaleOf = (column: Float64Array, mean: number): number => {
  const largest = column.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0)
  return largest * Math.sqrt(meanOf(column.map(value => ((value - mean) / largest) ** 2)))
}

/**
 * The standardisation of a training part; the standard deviation is that of the rows (divisor: their number).
 * failure  ConstantColumn (the first one), TooFewRows where there is no row
 */
export const standardisationOf = (training: Points): E.Either<DataError, Standardisation> => {
  if (training.rows === 0) return E.left({ _tag: 'TooFewRows', rows: 0, needed: 1 })
  const columns = Array.from({ length: training.columns }, (_, j) => columnOf(training, j))
  const constant = columns.findIndex(column => column.every(value => value === column[0]))
  if (constant >= 0)
    return E.left({ _tag: 'ConstantColumn', column: constant + 1, value: columns[constant]?.[0] as number })
  const mean = Float64Array.from(columns, meanOf)
  return E.right({ mean, scale: Float64Array.from(columns, (column, j) => scaleOf(column, mean[j] as number)) })
}

const mapColumns = (
  { mean, scale }: Standardisation,
  points: Points,
  f: (value: number, mean: number, scale: number) => number
): Points =>
  points.columns === mean.length
    ? {
        ...points,
        values: points.values.map((value, i) => {
          const j = i % points.columns
          return f(value, mean[j] as number, scale[j] as number)
        })
      }
    : defect(`a standardisation of ${mean.length} columns cannot be used on points of ${points.columns}`)

/** (x - mean) / scale in every column. */
export const standardise =
  (standardisation: Standardisation) =>
  (points: Points): Points =>
    mapColumns(standardisation, points, (value, mean, scale) => (value - mean) / scale)

/** The inverse: mean + scale x in every column. */
export const unstandardise =
  (standardisation: Standardisation) =>
  (points: Points): Points =>
    mapColumns(standardisation, points, (value, mean, scale) => mean + scale * value)

/** The sum of ln scale, nats: the log-density of a raw point is that of the standardised point minus this. */
export const logScale = ({ scale }: Standardisation): number => scale.reduce((sum, s) => sum + Math.log(s), 0)
