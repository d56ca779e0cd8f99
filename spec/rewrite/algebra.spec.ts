import { describe, expect, it } from 'vitest'
import { listing } from '../../src/interpret/text/listing.js'
import { simplify } from '../../src/rewrite/simplify.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { broadcast } from '../../src/tensor/primitives/broadcast.js'
import { concat } from '../../src/tensor/primitives/concat.js'
import { constantOf } from '../../src/tensor/primitives/constant.js'
import { div } from '../../src/tensor/primitives/div.js'
import { exp } from '../../src/tensor/primitives/exp.js'
import { input } from '../../src/tensor/primitives/input.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { maximum } from '../../src/tensor/primitives/maximum.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { neg } from '../../src/tensor/primitives/neg.js'
import { permute } from '../../src/tensor/primitives/permute.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { slice } from '../../src/tensor/primitives/slice.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'

const [x, y] = [input('x', [2]), input('y', [2])]
const [a, b, c] = [input('a', [2, 3]), input('b', [2, 3]), input('c', [3, 4])]
const [small, wide, square] = [input('small', [3, 1]), input('wide', [5, 3]), input('square', [3, 3])]
const [u, w] = [input('u', [2, 4]), input('w', [2, 4])]
const box = input('box', [2, 3, 4])
const flat = { transposeA: true }

/** What is written, and what it must become: names of shapes and parameters included, as a listing has them. */
type Rows = Readonly<Record<string, readonly [Tensor, Tensor]>>

const becomes = (rows: Rows): void => {
  it.each(Object.entries(rows))('%s', (_, [before, after]) => {
    expect(listing(simplify([before]))).toBe(listing([after]))
  })
}

/** What looks like the left side of a rule, and is not. */
const stays = (rows: Readonly<Record<string, Tensor>>): void =>
  becomes(Object.fromEntries(Object.entries(rows).map(([name, t]) => [name, [t, t]])))

describe('numbers that are known are computed', () => {
  becomes({
    '3 + 4': [add(scalar(3), scalar(4)), scalar(7)],
    '3 - 4': [sub(scalar(3), scalar(4)), scalar(-1)],
    '3 * 4': [mul(scalar(3), scalar(4)), scalar(12)],
    '3 / 4': [div(scalar(3), scalar(4)), scalar(0.75)],
    '-3': [neg(scalar(3)), scalar(-3)],
    'filled with 3, + 4': [add(constantOf(3, [2]), constantOf(4, [2])), constantOf(7, [2])]
  })
  stays({
    'of a vector': add(fromArray([1, 2]), fromArray([3, 4])),
    'by other primitives': maximum(scalar(3), scalar(4)),
    'one of the two': add(scalar(3), input('s', []))
  })
})

describe('neutral elements', () => {
  becomes({
    '0 + x': [add(0, x), x],
    'x + 0': [add(x, 0), x],
    'x - 0': [sub(x, 0), x],
    '0 - x': [sub(0, x), neg(x)],
    '1 x': [mul(1, x), x],
    'x 1': [mul(x, 1), x],
    '-1 x': [mul(-1, x), neg(x)],
    'x (-1)': [mul(x, -1), neg(x)],
    'x / 1': [div(x, 1), x]
  })
  stays({
    '1 + x': add(1, x),
    'x + 1': add(x, 1),
    'x - 1': sub(x, 1),
    '1 - x': sub(1, x),
    '2 x': mul(2, x),
    'x 2': mul(x, 2),
    '0 x, as x may be infinite': mul(0, x),
    'x / 2': div(x, 2),
    '1 / x': div(1, x),
    'x / -1': div(x, -1)
  })
})

describe('signs', () => {
  becomes({
    '-(-x)': [neg(neg(x)), x],
    '-(x - y)': [neg(sub(x, y)), sub(y, x)],
    'x + (-y)': [add(x, neg(y)), sub(x, y)],
    '(-x) + y': [add(neg(x), y), sub(y, x)],
    'x - (-y)': [sub(x, neg(y)), add(x, y)],
    '(-x) y': [mul(neg(x), y), neg(mul(x, y))],
    'x (-y)': [mul(x, neg(y)), neg(mul(x, y))],
    '(-x) (-y)': [mul(neg(x), neg(y)), mul(x, y)]
  })
  stays({
    '-x': neg(x),
    '-(x + y)': neg(add(x, y)),
    '(-x) - y': sub(neg(x), y),
    '-exp x': neg(exp(x)),
    'x y': mul(x, y)
  })
})

describe('sums of products with a common factor', () => {
  const twice = matmul(add(a, b), c)
  becomes({
    'a c + b c': [add(matmul(a, c), matmul(b, c)), twice],
    'a c - b c': [sub(matmul(a, c), matmul(b, c)), matmul(sub(a, b), c)],
    'turned on the right': [
      add(matmul(square, square, { transposeB: true }), matmul(exp(square), square, { transposeB: true })),
      matmul(add(square, exp(square)), square, { transposeB: true })
    ],
    'as large as the factor': [
      add(matmul(square, square), matmul(exp(square), square)),
      matmul(add(square, exp(square)), square)
    ],
    '(a c + u) + b c': [add(add(matmul(a, c), u), matmul(b, c)), add(twice, u)],
    '(u + a c) + b c': [add(add(u, matmul(a, c)), matmul(b, c)), add(u, twice)],
    'b c + (a c + u)': [add(matmul(b, c), add(matmul(a, c), u)), add(twice, u)],
    'both turned': [
      add(matmul(small, square, flat), matmul(exp(small), square, flat)),
      matmul(add(small, exp(small)), square, flat)
    ]
  })
  stays({
    'other factors': add(matmul(a, c), matmul(b, exp(c))),
    'the common factor is on the left': add(matmul(square, c), matmul(square, exp(c))),
    'the sum would cost more than a product': add(matmul(wide, square), matmul(exp(wide), square)),
    'turned otherwise': add(matmul(square, square, flat), matmul(exp(square), square)),
    'turned otherwise on the right': add(matmul(square, square, { transposeB: true }), matmul(exp(square), square)),
    'a c + u': add(matmul(a, c), u),
    'u - a c': sub(u, matmul(a, c)),
    '(u + w) + a c': add(add(u, w), matmul(a, c)),
    '(a c + u) + w': add(add(matmul(a, c), u), w),
    '(a c - u) + b c': add(sub(matmul(a, c), u), matmul(b, c)),
    '(a c + u) - b c': sub(add(matmul(a, c), u), matmul(b, c))
  })

  it('a product and itself', () => {
    const product = matmul(a, c)
    expect(listing(simplify([add(product, product)]))).toBe(listing([add(product, product)]))
  })
})

describe('shapes', () => {
  becomes({
    'reshape of a filled tensor': [reshape(constantOf(3, [2, 3]), [6]), constantOf(3, [6])],
    'reshape of a reshape': [reshape(reshape(a, [6]), [3, 2]), reshape(a, [3, 2])],
    'reshape back': [reshape(reshape(a, [6]), [2, 3]), a],
    'permute of a filled tensor': [permute(constantOf(3, [2, 3]), [1, 0]), constantOf(3, [3, 2])],
    'permute of a permute': [permute(permute(box, [1, 2, 0]), [1, 0, 2]), permute(box, [2, 1, 0])],
    'permute back': [permute(permute(box, [1, 2, 0]), [2, 0, 1]), box],
    'permute of an axis of length 1': [permute(small, [1, 0]), reshape(small, [1, 3])],
    'permute of joined tensors': [
      permute(concat([a, wide], 0), [1, 0]),
      concat([permute(a, [1, 0]), permute(wide, [1, 0])], 1)
    ],
    'slice of a permute': [
      slice(permute(box, [2, 0, 1]), [2, 0, 1], [2, 2, 2]),
      permute(slice(box, [0, 1, 2], [2, 2, 2]), [2, 0, 1])
    ],
    'broadcast of a broadcast': [broadcast(broadcast(x, [3, 2], [1]), [3, 4, 2], [0, 2]), broadcast(x, [3, 4, 2], [2])]
  })
  stays({
    'reshape of what is no reshape': reshape(exp(a), [6]),
    'permute of what is none': permute(box, [1, 2, 0]),
    'permute of a matrix': permute(a, [1, 0]),
    'slice of what is no permute': slice(exp(a), [0, 1], [1, 2]),
    'broadcast of what is none': broadcast(exp(x), [2, 3], [0])
  })

  it('a permute of two long axes around a short one is no reshape', () => {
    const t = permute(input('t', [2, 1, 3]), [2, 1, 0])
    expect(listing(simplify([t]))).toBe(listing([t]))
  })
})

describe('products of transposed matrices', () => {
  const stacked = input('stacked', [2, 3, 4])
  const turned = permute(stacked, [0, 2, 1])
  becomes({
    "a' b": [matmul(permute(a, [1, 0]), b), matmul(a, b, flat)],
    "b c'": [matmul(u, permute(w, [1, 0])), matmul(u, w, { transposeB: true })],
    both: [matmul(permute(c, [1, 0]), permute(a, [1, 0])), matmul(c, a, { transposeA: true, transposeB: true })],
    'turned in the product too': [matmul(permute(square, [1, 0]), square, flat), matmul(square, square)],
    'of many matrices': [matmul(turned, stacked), matmul(stacked, stacked, flat)]
  })
  stays({
    'other axes turned': matmul(permute(input('s', [3, 2, 4]), [1, 0, 2]), input('r', [2, 4, 5])),
    'all axes turned': matmul(permute(input('s', [4, 3, 2]), [2, 1, 0]), input('r', [2, 4, 5]))
  })
})
