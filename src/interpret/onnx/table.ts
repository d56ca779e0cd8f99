import { defect } from '../../prelude/defect.js'
import type { Table } from '../../tensor/primitives.js'
import { broadcastShapes, range, type Shape, sameShape, sizeOf } from '../../tensor/shape.js'
import { rankOf, type Tensor } from '../../tensor/tensor.js'
import { type Emitter, full, indicator, type Lowered, value } from './emitter.js'

/** Shape of the result of an elementwise operation on values that may repeat. */
const joint = (xs: readonly Lowered[]): Shape =>
  xs.map(x => x.shape).reduce((a, b) => broadcastShapes(a, b) ?? defect('values of unlike shapes met in a graph'))

/**
 * The lines of the ONNX table, emitting into one graph.
 * @param uses how often a tensor is used there
 */
export const tableFor = (emit: Emitter, uses: (tensor: Tensor) => number): Table<Lowered> => {
  const one = (op: string, inputs: readonly string[], attributes = {}): string =>
    emit.node(op, inputs, attributes)[0] as string
  const number = (x: number): string => emit.numbers([x], [])
  const made = (name: string, shape: Shape): Lowered => value(name, shape, emit)

  const elementwise =
    (f: (...names: readonly string[]) => string) =>
    (inputs: readonly Lowered[]): Lowered =>
      made(f(...inputs.map(x => x.name())), joint(inputs))
  const op = (name: string) => elementwise((...names) => one(name, names))
  const compare =
    (name: string) =>
    (inputs: readonly Lowered[]): Lowered =>
      indicator(
        one(
          name,
          inputs.map(x => x.name())
        ),
        joint(inputs),
        emit
      )
  const whole = (x: Lowered | undefined, node: Tensor, i = 0): string =>
    full(x as Lowered, (node.inputs[i] as Tensor).shape, emit)

  /** ln(1 + x) = ln(u) x / (u - 1) with u = fl(1 + x), and x where u = 1 (Kahan). */
  const log1p = (x: string): string => {
    const u = one('Add', [x, number(1)])
    const safe = one('Where', [one('Equal', [u, number(1)]), number(2), u])
    const ratio = one('Div', [one('Mul', [one('Log', [safe]), x]), one('Sub', [safe, number(1)])])
    const infinite = one('Equal', [u, number(Infinity)])
    return one('Where', [infinite, x, one('Where', [one('Equal', [u, number(1)]), x, ratio])])
  }
  /** e^x - 1 = (u - 1) x / ln(u) with u = fl(e^x), x where u = 1, and u - 1 where u is 0 or large (Kahan). */
  const expm1 = (x: string): string => {
    const u = one('Exp', [x])
    const less = one('Sub', [u, number(1)])
    const plain = one('Or', [one('Less', [u, number(1e-3)]), one('Greater', [u, number(1e3)])])
    const same = one('Equal', [u, number(1)])
    const safe = one('Where', [one('Or', [plain, same]), number(2), u])
    const ratio = one('Div', [one('Mul', [less, x]), one('Log', [safe])])
    return one('Where', [plain, less, one('Where', [same, x, ratio])])
  }
  const power = (exponent: number) =>
    elementwise(x => {
      const positive = (n: number): string => {
        if (n === 1) return x as string
        const half = positive(Math.floor(n / 2))
        const square = one('Mul', [half, half])
        return n % 2 === 1 ? one('Mul', [square, x as string]) : square
      }
      if (exponent === 0) return one('Where', [one('Equal', [x as string, x as string]), number(1), number(1)])
      const result = positive(Math.abs(exponent))
      return exponent < 0 ? one('Div', [number(1), result]) : result
    })

  /** Matrices in full; that they repeat along leading axes is left to the product. */
  const matricesOf = (x: Lowered, shape: Shape): Lowered =>
    x.shape.length >= 2 && sameShape(x.shape.slice(-2), shape.slice(-2)) ? x : made(full(x, shape, emit), shape)

  const product = (
    [a, b]: readonly Lowered[],
    node: Tensor<{ readonly transposeA: boolean; readonly transposeB: boolean }>
  ): Lowered => {
    const { transposeA, transposeB } = node.parameters
    const transA = transposeA ? 1 : 0
    const transB = transposeB ? 1 : 0
    if (rankOf(node) === 2)
      return made(one('Gemm', [whole(a, node, 0), whole(b, node, 1)], { transA, transB }), node.shape)
    const matrices = [a, b].map((x, i) => matricesOf(x as Lowered, (node.inputs[i] as Tensor).shape))
    const operands = matrices.map(x => x.name())
    const lead = joint(matrices.map(x => ({ ...x, shape: x.shape.slice(0, -2) })))
    const [name] =
      transA + transB === 0
        ? emit.node('MatMul', operands)
        : emit.node('FusedMatMul', operands, { transA, transB }, { domain: 'com.microsoft' })
    return made(name as string, [...lead, ...node.shape.slice(-2)])
  }

  const reduce =
    (name: string) =>
    ([x]: readonly Lowered[], node: Tensor<{ readonly axes: readonly number[] }>): Lowered =>
      made(one(name, [whole(x, node), emit.integers(node.parameters.axes)], { keepdims: 0 }), node.shape)

  return {
    abs: op('Abs'),
    add: ([a, b], node) => {
      const [x, y] = [a as Lowered, b as Lowered]
      const shape = joint([x, y])
      const fusible = uses(node.inputs[0] as Tensor) === 1 && sameShape(x.shape, shape)
      const fused = fusible ? emit.addToProduct(x.name(), y.name()) : undefined
      return made(fused ?? one('Add', [x.name(), y.name()]), shape)
    },
    broadcast: ([x], { parameters: { shape, axes } }) => {
      const input = x as Lowered
      const lead = axes.length - input.shape.length
      const first = axes[lead]
      if (first === undefined) return input
      const actual = range(shape.length - first).map(i => {
        const axis = axes.indexOf(first + i)
        return axis < 0 ? 1 : (input.shape[axis - lead] as number)
      })
      return sameShape(actual, input.shape)
        ? input
        : made(one('Reshape', [input.name(), emit.integers(actual)]), actual)
    },
    concat: (inputs, node) =>
      made(
        one(
          'Concat',
          inputs.map((x, i) => whole(x, node, i)),
          { axis: node.parameters.axis }
        ),
        node.shape
      ),
    cos: op('Cos'),
    div: op('Div'),
    equal: compare('Equal'),
    exp: op('Exp'),
    expm1: elementwise(x => expm1(x as string)),
    greater: compare('Greater'),
    greaterEqual: compare('GreaterOrEqual'),
    log: op('Log'),
    log1p: elementwise(x => log1p(x as string)),
    logAbsDet: () => defect('onnx has no logAbsDet of a general matrix: use reference'),
    matmul: product,
    max: reduce('ReduceMax'),
    maximum: op('Max'),
    minimum: op('Min'),
    mul: op('Mul'),
    neg: op('Neg'),
    pad: ([x], node) => {
      const { before, after } = node.parameters
      return made(one('Pad', [whole(x, node), emit.integers([...before, ...after])]), node.shape)
    },
    permute: ([x], node) => made(one('Transpose', [whole(x, node)], { perm: node.parameters.axes }), node.shape),
    power: (inputs, { parameters: { exponent } }) => power(exponent)(inputs),
    reshape: ([x], node) => made(one('Reshape', [whole(x, node), emit.integers(node.shape)]), node.shape),
    select: ([condition, a, b]) => {
      const inputs = [condition, a, b] as readonly Lowered[]
      const [c, x, y] = inputs as readonly [Lowered, Lowered, Lowered]
      return made(one('Where', [c.truth(), x.name(), y.name()]), joint(inputs))
    },
    sigmoid: elementwise(x =>
      one('Div', [number(1), one('Add', [number(1), one('Exp', [one('Neg', [x as string])])])])
    ),
    sign: elementwise(x =>
      one('Where', [one('Equal', [x as string, x as string]), one('Sign', [x as string]), x as string])
    ),
    sin: op('Sin'),
    slice: ([x], node) => {
      const { start, shape } = node.parameters
      const stop = start.map((first, i) => first + (shape[i] as number))
      const inputs = [whole(x, node), emit.integers(start), emit.integers(stop), emit.integers(range(start.length))]
      return made(one('Slice', inputs), node.shape)
    },
    softplus: elementwise(x =>
      one('Add', [one('Max', [x as string, number(0)]), log1p(one('Exp', [one('Neg', [one('Abs', [x as string])])]))])
    ),
    solve: () => defect('onnx has no solve with a general matrix: use reference'),
    sqrt: op('Sqrt'),
    stopGradient: ([x]) => x as Lowered,
    sub: op('Sub'),
    sum: (inputs, node) => {
      const { axes } = node.parameters
      const shape = (node.inputs[0] as Tensor).shape
      const leading = axes.every((axis, i) => axis === i) && axes.length < shape.length
      const [rows, columns] = [sizeOf(shape.slice(0, axes.length)), sizeOf(shape.slice(axes.length))]
      if (!leading || rows > 16 || columns < 1024) return reduce('ReduceSum')(inputs, node)
      const flat = one('Reshape', [whole(inputs[0], node), emit.integers([rows, columns])])
      const total = one('MatMul', [emit.numbers(new Array<number>(rows).fill(1), [1, rows]), flat])
      return made(one('Reshape', [total, emit.integers(node.shape)]), node.shape)
    },
    tanh: op('Tanh')
  }
}
