import { either as E } from 'fp-ts'
import { defect } from '../prelude/defect.js'
import type { Key } from '../random/key.js'
import { permutation } from '../random/permutation.js'
import type { DataError } from './dataError.js'
import { type Points, selectRows } from './points.js'

/** The parts of a data set: fitted on, chosen by, reported on. */
export interface Splits {
  readonly training: Points
  readonly validation: Points
  readonly test: Points
}

/** Shares of the rows; the training part is what they leave. */
export interface Shares {
  readonly validation: number
  readonly test: number
}

/** 80 % training, 10 % validation, 10 % test. */
export const defaultShares: Shares = { validation: 0.1, test: 0.1 }

/** A share of the rows, rounded down, but at least one row unless the share is 0. */
const rowsOf = (share: number, rows: number): number => (share === 0 ? 0 : Math.max(1, Math.floor(share * rows)))

const heldOut = ({ validation, test }: Shares, rows: number): number => rowsOf(validation, rows) + rowsOf(test, rows)

/** The next number of rows that leaves one to train on. */
const enoughRows = (shares: Shares, rows: number): number =>
  heldOut(shares, rows) < rows ? rows : enoughRows(shares, rows + 1)

/**
 * Points in random order, cut in three: every row in exactly one part, the same key the same parts.
 * assumptions  shares not negative, their sum below 1, else a defect
 * failure  TooFewRows where a part that has a share would stay without a row
 */
export const splitRows =
  (key: Key, shares: Shares = defaultShares) =>
  (points: Points): E.Either<DataError, Splits> => {
    if (!(shares.validation >= 0 && shares.test >= 0 && shares.validation + shares.test < 1))
      return defect(`shares must not be negative and must leave rows to train on: ${JSON.stringify(shares)}`)
    const needed = enoughRows(shares, points.rows)
    if (needed > points.rows) return E.left({ _tag: 'TooFewRows', rows: points.rows, needed })
    const order = permutation(key)(points.rows)
    const test = rowsOf(shares.test, points.rows)
    const held = heldOut(shares, points.rows)
    return E.right({
      test: selectRows(points, order.subarray(0, test)),
      validation: selectRows(points, order.subarray(test, held)),
      training: selectRows(points, order.subarray(held))
    })
  }
