import fc from 'fast-check'
import { describe } from 'vitest'
import { chain } from '../../src/flow/bijection.js'
import { residual } from '../../src/flow/residual.js'
import { exact } from '../../src/logdet/exact.js'
import { jacobian } from '../../src/rewrite/derivatives.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { blocksAnd, enclosed, half, mapOf, precisely } from '../flow/support/blocks.js'
import { constantOfNet, contractiveOf, nets, parametersOf, points, smoothOf } from '../net/support/nets.js'
import { bounded, boundedAll, near, numbers, rootsOff, type Values, valuesOf } from '../solve/support/certificate.js'
import { agree } from '../support/agreement.js'
import { law } from '../support/law.js'

const netAndPoint = fc.integer({ min: 1, max: 5 }).chain(d => fc.tuple(nets(d), points(d)))

type Square = readonly (readonly number[])[]

const times = (a: Square, b: Square): Square =>
  a.map(row => row.map((_, j) => row.reduce((sum, x, k) => sum + x * ((b[k] as readonly number[])[j] as number), 0)))

const trace = (a: Square): number => a.reduce((sum, row, i) => sum + (row[i] as number), 0)

const frobenius = (a: Square): number => Math.hypot(...a.flat())

describe('the exact log-determinant', () => {
  law('lies between d ln(1 - c) and d ln(1 + c)', [netAndPoint], ([net, x]) => {
    const { values, errors } = bounded(exact(smoothOf(net))(fromArray(x)))
    const [value, error] = [values[0] as number, errors[0] as number]
    const [d, c] = [x.length, constantOfNet(net)]
    const sure = error < 1e-8 || x.some(xi => Math.abs(xi) > 1e3)
    return sure && value + error >= d * Math.log1p(-c) && value - error <= d * Math.log1p(c)
  })

  law('is that of the determinant of the Jacobian by elimination with pivots', [netAndPoint], ([net, x]) => {
    const dense = add(eye(x.length), jacobian(smoothOf(net).value)(fromArray(x)))
    return agree([exact(smoothOf(net))(fromArray(x))], [logAbsDet(dense, { kind: 'general' })])
  })

  law('is within the tail bounds of the power series, for 0 to 60 terms', [netAndPoint], ([net, x]) => {
    const [d, c] = [x.length, constantOfNet(net)]
    const at = fromArray(x)
    const { values, errors } = bounded(exact(smoothOf(net))(at))
    const rows = bounded(smoothOf(net).tangents(at)[1])
    const matrix: Square = Array.from({ length: d }, (_, i) => [...rows.values.subarray(i * d, (i + 1) * d)])
    const size = frobenius(matrix) ** 2
    const off = Math.hypot(...rows.errors) * d
    let power: Square = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)))
    let sum = 0
    let rounding = 0
    for (let n = 0; n <= 60; n++) {
      const tail = Math.min(
        (d * c ** (n + 1)) / ((n + 1) * (1 - c)),
        n === 0 ? Infinity : (size * c ** (n - 1)) / ((n + 1) * (1 - c))
      )
      const slack = (errors[0] as number) + rounding + Math.abs(sum) * 2 ** -48
      if (!(Math.abs((values[0] as number) - sum) <= tail * (1 + 2 ** -40) + slack)) return false
      power = times(power, matrix)
      sum += ((n % 2 === 0 ? 1 : -1) * trace(power)) / (n + 1)
      rounding += c ** n * off + d * (d + 2) * (n + 2) * 2 ** -52
    }
    return true
  })

  law(
    'of a stack of blocks is the sum over the blocks',
    [
      fc
        .integer({ min: 1, max: 3 })
        .chain(d =>
          fc.tuple(
            nets(d, { activation: 'tanh', leading: false }),
            nets(d, { activation: 'tanh', leading: false }),
            points(d)
          )
        )
    ],
    ([f, g, x]) => {
      const block = residual(precisely)(contractiveOf(f))
      const at = fromArray(x)
      const whole = chain(block).forward([parametersOf(f), parametersOf(g)])(at).logDet
      const dense = jacobian(y => half(g, half(f, y)))(at)
      return agree(
        [whole, whole],
        [add(exact(smoothOf(f))(at), exact(smoothOf(g))(half(f, at))), logAbsDet(dense, { kind: 'general' })]
      )
    }
  )

  law(
    'of the inverse is the negative, up to what the round trip moves it',
    [blocksAnd(1, { wild: false, activation: 'tanh', constants: [0.1, 0.5, 0.9] })],
    ([block, [x = []]]) => {
      const f = mapOf(block)
      const z = valuesOf(f.forward(fromArray(x)).value)
      const back = valuesOf(f.inverse(fromArray(z)).value)
      const exactly = (at: ArrayLike<number>, image: ArrayLike<number>) =>
        bounded(sub(exact(smoothOf(block.gx))(fromArray(at)), exact(smoothOf(block.gz))(fromArray(image))))
      const [there, here] = [exactly(x, z), exactly(back, z)]
      const [forward, inverse] = numbers(f.forward(fromArray(x)).logDet, f.inverse(fromArray(z)).logDet) as [
        Float64Array,
        Float64Array
      ]
      const moved = Math.abs((there.values[0] as number) - (here.values[0] as number))
      const errors = 4 * ((there.errors[0] as number) + (here.errors[0] as number))
      return Math.abs((forward[0] as number) + (inverse[0] as number)) <= moved + errors
    }
  )
})

describe('the Jacobian of an ImpFlow block', () => {
  law(
    'is (I + Jz)^-1 (I + Jx), and the log-determinant is that of it',
    [blocksAnd(1, { maxD: 3, wild: false, constants: [0.1, 0.5, 0.9], smooth: true })],
    ([block, [x = []]]) => {
      const f = mapOf(block)
      const at = fromArray(x)
      const image = f.forward(at)
      const { value, radius } = enclosed(block, x, valuesOf(image.value))
      const z = fromArray(value)
      const jacobianOf = (g: typeof block.gx, y: typeof at) => add(eye(x.length), jacobian(smoothOf(g).value)(y))
      const [jx, jz] = [jacobianOf(block.gx, at), jacobianOf(block.gz, z)]
      const dense = [
        solve(jz, jx, { kind: 'general' }),
        sub(logAbsDet(jx, { kind: 'general' }), logAbsDet(jz, { kind: 'general' }))
      ]
      const found = [jacobian(y => f.forward(y).value)(at), image.logDet]
      const [expected, actual] = [boundedAll(dense, new Map([[z, radius]])), boundedAll(found, rootsOff(found, radius))]
      return expected.every((values, i) => near(values, actual[i] as Values))
    }
  )
})
