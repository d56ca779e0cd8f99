import type { OracleBlock } from '../../interop/oracleBlock.js'
import type { Case, Finding } from '../case.js'
import { accuracy } from '../jacobian.js'
import { type Law, numbersAgree, rowsAgree } from '../law.js'
import { type Asking, forward, inverse, logDet, logProb, type Row, type Rows, vjp, vjpWeights } from '../question.js'

const largest = (values: readonly number[]): number => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0)

/** The accuracy demanded of gradients: less where a singular value of I + J is below 0.05. */
const gradientAccuracy = ({ smallestSingularValue }: OracleBlock): number =>
  smallestSingularValue < 0.05 ? accuracy.gradientNearSingular : accuracy.gradient

/** A law that compares answers with what an independent program found. */
const golden = (
  id: string,
  statement: string,
  needs: Law['needs'],
  check: (c: Case, oracle: OracleBlock) => Asking<readonly Finding[]>
): Law => ({
  id: `golden-${id}`,
  statement,
  needs: ['load', ...needs],
  about: c => c.oracle !== null,
  *check(c) {
    return c.oracle === null ? [] : yield* check(c, c.oracle)
  }
})

const rowsNear = (what: string, found: Rows, expected: Rows, relative: number): readonly Finding[] =>
  rowsAgree(what, found, expected, () => relative * largest(expected.flat()))

const numbersNear = (what: string, found: Row, expected: Row, floor: number): readonly Finding[] =>
  numbersAgree(what, found, expected, () => accuracy.logDet * Math.max(floor, largest(expected)))

/** Numbers of gradients of nets, in the order that `vjpWeights` has. */
const weightsOf = (net: OracleBlock['gx'] | undefined): readonly Row[] =>
  net === undefined ? [] : [...net.layers.flatMap(({ weight, bias }) => [weight.flat(), bias]), net.betas]

/** Answers against the vectors that come with this program. */
export const goldenLaws: readonly Law[] = [
  golden('z', 'forward gives the golden z', ['forward'], function* (c, { x, z }) {
    return rowsNear('z', yield* forward(x, c.dimension), z, accuracy.z)
  }),
  golden('log-det', 'log_det gives the golden log-determinants', ['log_det'], function* (_c, oracle) {
    return numbersNear('log_det', yield* logDet(oracle.x), oracle.logDet, 1e-4)
  }),
  golden('log-prob', 'log_prob gives the golden log-densities', ['log_prob'], function* (_c, oracle) {
    return numbersNear('log_prob', yield* logProb(oracle.x), oracle.logDensity, 0)
  }),
  golden('inverse', 'inverse gives the golden points', ['inverse'], function* (c, { z, inverse: points }) {
    return points === undefined ? [] : rowsNear('x', yield* inverse(z, c.dimension), points, accuracy.z)
  }),
  golden('gradient', 'vjp gives the golden gradients of log_det + |z|^2 / 2 in x', ['vjp'], function* (c, oracle) {
    const ones = oracle.x.map(() => 1)
    return rowsNear(
      'the gradient',
      yield* vjp(oracle.x, oracle.z, ones, c.dimension),
      oracle.gradL.x,
      gradientAccuracy(oracle)
    )
  }),
  golden(
    'weights',
    'vjp gives the golden gradients in weights, biases and betas',
    ['vjp', 'vjp_weights'],
    function* (c, oracle) {
      const ones = oracle.x.map(() => 1)
      const shapes = [c.block?.g_x, c.block?.g_z].map(net => net ?? null)
      const found = yield* vjpWeights(oracle.x, oracle.z, ones, shapes)
      const expected = [...weightsOf(oracle.gradL.gx), ...weightsOf(oracle.gradL.gz)]
      // Gradients below a millionth of the largest hold nothing but rounding.
      const floor = 1e-6 * largest(expected.flat())
      return expected.flatMap((row, k) =>
        numbersAgree(
          'a gradient',
          found[k] ?? [],
          row,
          () => gradientAccuracy(oracle) * Math.max(floor, largest(row))
        ).map(finding => ({ ...finding, where: `number ${finding.where.replace(/^.* /, '')} of tensor ${k + 1}` }))
      )
    }
  )
]
