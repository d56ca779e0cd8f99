import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { program } from '../../src/interpret/reference/evaluate.js'
import { type Applicable, applicable, applications, argumentsOf, functionOf } from '../../src/laws/applications.js'
import { samples, tensorOf } from '../../src/laws/samples.js'
import { grad, jacobian, jvp } from '../../src/rewrite/derivatives.js'
import { fromArray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { abs } from '../../src/tensor/primitives/abs.js'
import { numbersOf } from '../../src/tensor/primitives/constant.js'
import { max } from '../../src/tensor/primitives/max.js'
import { maximum } from '../../src/tensor/primitives/maximum.js'
import { minimum } from '../../src/tensor/primitives/minimum.js'
import { sign } from '../../src/tensor/primitives/sign.js'
import { stopGradient } from '../../src/tensor/primitives/stopGradient.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { primitives } from '../../src/tensor/primitives.js'
import { type Shape, showShape } from '../../src/tensor/shape.js'
import { apply, type Primitive, type Tensor } from '../../src/tensor/tensor.js'
import { identical, numbersOfAll } from '../support/agreement.js'
import { law } from '../support/law.js'

/** Parameters and shapes that do not fit, and a part of what is said of them. */
const misfits: readonly (readonly [Applicable, object, readonly Shape[], string])[] = [
  ['add', {}, [[2], [3]], 'must be equal'],
  ['select', {}, [[2], [2], [2, 1]], 'must be equal'],
  ['broadcast', { shape: [2, 3], axes: [0] }, [[3]], 'cannot become [2 3]'],
  ['broadcast', { shape: [2, 2], axes: [1, 0] }, [[2, 2]], 'by axes [1 0]'],
  ['concat', { axis: 1 }, [[2], [2]], 'no axis 1'],
  [
    'concat',
    { axis: 0 },
    [
      [2, 2],
      [2, 3]
    ],
    'differ off axis 0'
  ],
  ['logAbsDet', { kind: 'general' }, [[2, 3]], 'square'],
  [
    'matmul',
    { transposeA: false, transposeB: false },
    [
      [2, 3],
      [2, 3]
    ],
    'inner sizes 3 and 2'
  ],
  ['matmul', { transposeA: false, transposeB: false }, [[3], [3, 1]], 'must be matrices'],
  [
    'matmul',
    { transposeA: false, transposeB: true },
    [
      [4, 2, 3],
      [5, 2, 3]
    ],
    'leading axes'
  ],
  ['max', { axes: [0] }, [[0, 2]], 'no maximum over axes [0]'],
  ['max', { axes: [2] }, [[2]], 'no maximum over axes [2]'],
  ['pad', { before: [1], after: [-1] }, [[2]], 'margins [1] and [-1]'],
  ['permute', { axes: [0, 0] }, [[2, 2]], 'no permutation'],
  ['power', { exponent: 0.5 }, [[2]], 'must be an integer, not 0.5'],
  ['reshape', { shape: [4] }, [[3]], '[4] has another number'],
  ['slice', { start: [1], shape: [2] }, [[2]], 'no window of shape [2] starts at [1]'],
  [
    'solve',
    { kind: 'general', transpose: false },
    [
      [2, 2],
      [3, 1]
    ],
    'not [3 1]'
  ],
  [
    'solve',
    { kind: 'general', transpose: false },
    [
      [2, 3],
      [2, 1]
    ],
    'square'
  ],
  ['sum', { axes: [1] }, [[2]], 'no axes [1]'],
  ['sum', { axes: [-1] }, [[2]], 'no axes [-1]']
]

for (const name of applicable)
  describe(name, () => {
    law('has the shape that its rule says, when it is evaluated', [applications(name, 'wild')], application => {
      const y = functionOf(application)(...argumentsOf(application))
      const [value] = program([], [y])([])
      expect(value?.shape).toEqual(y.shape)
      expect(Object.isFrozen(y)).toBe(true)
      return true
    })

    law('writes to none of its arguments, and gives the same bits again', [applications(name, 'wild')], application => {
      const xs = argumentsOf(application)
      const before = xs.map(x => numbersOf(x)?.data.slice() ?? new Float64Array(0))
      const y = functionOf(application)(...xs)
      const [first, again, anew] = [
        numbersOfAll([y]),
        numbersOfAll([y]),
        numbersOfAll([functionOf(application)(...xs)])
      ]
      return (
        identical(again, first) &&
        identical(anew, first) &&
        identical(
          xs.map(x => numbersOf(x)?.data ?? []),
          before
        )
      )
    })
  })

describe('arguments that do not fit', () => {
  for (const [name, parameters, shapes, part] of misfits)
    it(`${name} ${JSON.stringify(parameters)} of ${shapes.map(showShape).join(', ')}: ${part}`, () => {
      const primitive = primitives[name] as Primitive<unknown>
      const said = primitive.shape(parameters, shapes)
      expect(E.isLeft(said)).toBe(true)
      const xs = shapes.map(shape => fromArray(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape))
      expect(() => apply(primitive, parameters, ...xs)).toThrow(TypeError)
      expect(() => apply(primitive, parameters, ...xs)).toThrow(
        `impflow: ${name} of ${shapes.map(showShape).join(', ')}: ${E.isLeft(said) ? said.left : ''}`
      )
      expect(E.isLeft(said) ? said.left : '').toContain(part)
    })
})

describe('where there is no derivative, by convention', () => {
  law('a tie of maximum or minimum gives half of the tangent to each', [samples([3], 'real', 'wild')], sample => {
    const x = tensorOf(sample)
    const both = [maximum, minimum].flatMap(f => [
      grad((a: Tensor) => sum(f(a, x)))(x),
      grad((b: Tensor) => sum(f(x, b)))(x)
    ])
    return identical(numbersOfAll(both), Array(4).fill([0.5, 0.5, 0.5]))
  })

  law('a tie of max is shared evenly', [samples([], 'real', 'wild')], sample => {
    const x = sample.values[0] as number
    const low = Math.min(-1e9, x - 1)
    return identical(numbersOfAll([grad((z: Tensor) => max(z))(fromArray([x, low, x, x, x]))]), [
      [0.25, 0, 0.25, 0.25, 0.25]
    ])
  })

  it('the derivatives of abs and sign at 0 are 0, and that of stopGradient everywhere', () => {
    const x = fromArray([0, -0, 3, -4])
    const of = (f: (z: Tensor) => Tensor): Tensor => grad((z: Tensor) => sum(f(z)))(x)
    const results = numbersOfAll([of(abs), of(sign), of(stopGradient)])
    expect(results.map(y => [...y].map(z => z + 0))).toEqual([
      [0, 0, 1, -1],
      [0, 0, 0, 0],
      [0, 0, 0, 0]
    ])
  })

  it('identity has derivative 1 and value unchanged', () => {
    const [y, dy] = jvp((z: Tensor) => z)(scalar(3), scalar(2))
    expect(numbersOfAll([y, dy, jacobian(z => z)(fromNested([1, 2]))]).map(z => [...z])).toEqual([
      [3],
      [2],
      [1, 0, 0, 1]
    ])
  })
})
