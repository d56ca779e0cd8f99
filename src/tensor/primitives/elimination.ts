import { range, sizeOf } from '../shape.js'
import { rankOf, type Tensor, type VectorizeBody } from '../tensor.js'
import { abs } from './abs.js'
import { add } from './add.js'
import { broadcast } from './broadcast.js'
import { concat } from './concat.js'
import { constantOf } from './constant.js'
import { div } from './div.js'
import { equal } from './equal.js'
import { iterate } from './iterate.js'
import { log } from './log.js'
import { matmul } from './matmul.js'
import { mul } from './mul.js'
import { eye, iota } from './oneHot.js'
import { permute } from './permute.js'
import { reshape } from './reshape.js'
import { slice } from './slice.js'
import { sub } from './sub.js'
import { sum } from './sum.js'

/** Up to this size elimination is written out entry by entry; beyond, it is a loop of matrix operations. */
const writtenOut = 3

type Rows = readonly (readonly Tensor[])[]

/** Entry (i, j) of every matrix. */
const entry = (m: Tensor, i: number, j: number): Tensor => {
  const lead = m.shape.slice(0, -2)
  return reshape(slice(m, [...lead.map(() => 0), i, j], [...lead, 1, 1]), lead)
}

const entries = (m: Tensor): Rows => {
  const [rows, columns] = m.shape.slice(-2) as [number, number]
  return range(rows).map(i => range(columns).map(j => entry(m, i, j)))
}

/** Rows after elimination below the diagonal, without exchanges. */
const triangular = (rows: Rows): Rows =>
  range(rows.length).reduce<Rows>(
    (current, k) =>
      current.map((row, i) => {
        const pivot = current[k] as readonly Tensor[]
        if (i <= k) return row
        const factor = div(row[k] as Tensor, pivot[k] as Tensor)
        return row.map((x, j) => (j <= k ? x : sub(x, mul(factor, pivot[j] as Tensor))))
      }),
    rows
  )

/** Solutions of a triangular system with its right-hand sides appended to the rows. */
const backSubstituted = (rows: Rows): Rows => {
  const n = rows.length
  return range(n).reduceRight<Rows>((below, i) => {
    const row = rows[i] as readonly Tensor[]
    const solved = row.slice(n).map((right, j) => {
      const rest = below.reduce((value, y, k) => sub(value, mul(row[i + 1 + k] as Tensor, y[j] as Tensor)), right)
      return div(rest, row[i] as Tensor)
    })
    return [solved, ...below]
  }, [])
}

const assembled = (rows: Rows): Tensor => {
  const joined = rows.map(row =>
    concat(
      row.map(x => reshape(x, [...x.shape, 1, 1])),
      rankOf(row[0] as Tensor) + 1
    )
  )
  return concat(joined, rankOf(joined[0] as Tensor) - 2)
}

/**
 * Gauss-Jordan elimination of one matrix [n, n + k] without exchanges, as a loop over its columns.
 * @returns the reduced matrix and the sum of ln |pivot|
 */
const reduced = (matrix: Tensor): readonly [Tensor, Tensor] => {
  const [n, width] = matrix.shape as [number, number]
  const [result, logs] = iterate({
    names: ['matrix', 'logs', 'column'],
    start: [matrix, constantOf(0), constantOf(0)],
    limit: n,
    going: () => constantOf(1),
    step: (current, sofar, column) => {
      const here = equal(iota(n), column as Tensor)
      const acrossRows = broadcast(here, [n, width], [0])
      const row = sum(mul(current as Tensor, acrossRows), [0])
      const square = slice(current as Tensor, [0, 0], [n, n])
      const below = sum(mul(square, broadcast(here, [n, n], [1])), [1])
      const pivot = sum(mul(below, here))
      const factor = broadcast(sub(below, here), [n, width], [0])
      const scaled = broadcast(div(row, pivot), [n, width], [1])
      return [
        sub(current as Tensor, mul(factor, scaled)),
        add(sofar as Tensor, log(abs(pivot))),
        add(column as Tensor, 1)
      ]
    }
  })
  return [result as Tensor, logs as Tensor]
}

/**
 * Applies a function of one sample's matrices to all, which lie along the leading axes; inside they lie along the last, so that
 * every operation on an entry runs along memory.
 */
const everywhere = (
  vectorize: VectorizeBody,
  matrices: readonly Tensor[],
  f: (...matrices: readonly Tensor[]) => Tensor
): Tensor => {
  const lead = (matrices[0] as Tensor).shape.slice(0, -2)
  if (lead.length === 0) return f(...matrices)
  const samples = sizeOf(lead)
  const last = matrices.map(m => permute(reshape(m, [samples, ...m.shape.slice(-2)]), [1, 2, 0]))
  const every = last.map(() => true)
  const [result] = vectorize((...xs) => [f(...xs)], last, every, samples, 'last') as [Tensor]
  const rank = rankOf(result)
  return reshape(permute(result, [rank - 1, ...range(rank - 1)]), [...lead, ...result.shape.slice(0, -1)])
}

/** Up to this size a matrix is eliminated column by column; beyond, by halves, whose products are matrix products. */
const byColumns = 8

/** What elimination finds of matrices [...s n n]. */
interface Eliminated {
  /** [...s] */
  readonly logDet: Tensor
  /** M^-1 b, [...s n k] -> [...s n k] */
  readonly solve: (b: Tensor) => Tensor
}

/** The block of every matrix that begins at (i, j). */
const block = (m: Tensor, [i, j]: readonly [number, number], [rows, columns]: readonly [number, number]): Tensor => {
  const lead = m.shape.slice(0, -2)
  return slice(m, [...lead.map(() => 0), i, j], [...lead, rows, columns])
}

/** Small matrices: the inverse, and the logarithm with it. */
const eliminatedByColumns = (m: Tensor, vectorize: VectorizeBody): Eliminated => {
  const n = m.shape.at(-1) as number
  const both = everywhere(vectorize, [m], rows => {
    const [result, logs] = reduced(concat([rows as Tensor, eye(n)], 1))
    return concat([slice(result, [0, n], [n, n]), broadcast(logs, [1, n], [])], 0)
  })
  const inverse = block(both, [0, 0], [n, n])
  return { logDet: entry(both, n, 0), solve: b => matmul(inverse, b) }
}

/**
 * Block elimination: with M = [A B; C D] and the Schur complement S = D - C A^-1 B, det M = det A det S. The symmetric part
 * of S is positive definite as that of M is, so neither half needs exchanges.
 * Source: Golub, Van Loan, Matrix Computations, 3.2.11 and 4.3.2.
 */
const eliminated = (m: Tensor, vectorize: VectorizeBody): Eliminated => {
  const n = m.shape.at(-1) as number
  if (n <= byColumns) return eliminatedByColumns(m, vectorize)
  const [h, k] = [Math.ceil(n / 2), Math.floor(n / 2)]
  const [b, c] = [block(m, [0, h], [h, k]), block(m, [h, 0], [k, h])]
  const upper = eliminated(block(m, [0, 0], [h, h]), vectorize)
  const across = upper.solve(b)
  const lower = eliminated(sub(block(m, [h, h], [k, k]), matmul(c, across)), vectorize)
  return {
    logDet: add(upper.logDet, lower.logDet),
    solve: right => {
      const columns = right.shape.at(-1) as number
      const first = upper.solve(block(right, [0, 0], [h, columns]))
      const last = lower.solve(sub(block(right, [h, 0], [k, columns]), matmul(c, first)))
      return concat([sub(first, matmul(across, last)), last], rankOf(right) - 2)
    }
  }
}

/** ln |det M| by elimination without exchanges; M is I + A with spectral norm of A below 1. */
export const eliminatedLogDet = (m: Tensor, vectorize: VectorizeBody): Tensor => {
  const n = m.shape.at(-1) as number
  if (n > byColumns) return eliminated(m, vectorize).logDet
  if (n > writtenOut) return everywhere(vectorize, [m], matrix => reduced(matrix as Tensor)[1])
  const pivots = triangular(entries(m)).map((row, i) => row[i] as Tensor)
  return log(abs(pivots.reduce((product, pivot) => mul(product, pivot))))
}

/** The solution of M y = b by elimination without exchanges; M is I + A with spectral norm of A below 1. */
export const eliminatedSolve = (m: Tensor, b: Tensor, vectorize: VectorizeBody): Tensor => {
  const [n, k] = b.shape.slice(-2) as [number, number]
  if (n > byColumns) return eliminated(m, vectorize).solve(b)
  if (n > writtenOut)
    return everywhere(vectorize, [m, b], (...rows) => slice(reduced(concat(rows, 1))[0], [0, n], [n, k]))
  const right = entries(b)
  return assembled(backSubstituted(triangular(entries(m).map((row, i) => [...row, ...(right[i] as Tensor[])]))))
}
