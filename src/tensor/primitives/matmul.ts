import { either as E } from 'fp-ts'
import { bilinear } from '../rules.js'
import { type Shape, sameShape } from '../shape.js'
import { apply, rankOf, type Tensor } from '../tensor.js'
import { alongFirst } from './permute.js'
import { reshape } from './reshape.js'

/** Which operands are read transposed, without a copy. */
export interface Sides {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

const oriented = (shape: Shape, transpose: boolean): readonly [number, number] => {
  const [m, n] = shape.slice(-2) as [number, number]
  return transpose ? [n, m] : [m, n]
}

export const matmulPrimitive = bilinear<Sides>({
  name: 'matmul',
  shape: ({ transposeA, transposeB }, [a = [], b = []]) => {
    if (a.length < 2 || b.length < 2) return E.left('both operands must be matrices')
    const [m, inner] = oriented(a, transposeA)
    const [innerB, n] = oriented(b, transposeB)
    const lead = a.slice(0, -2)
    return inner === innerB && sameShape(lead, b.slice(0, -2))
      ? E.right([...lead, m, n])
      : E.left(`inner sizes ${inner} and ${innerB} and leading axes must be equal`)
  },
  transpose: ({ parameters: { transposeA, transposeB }, inputs: [a, b] }, ct, argument) => {
    if (argument === 0)
      return transposeA
        ? matmul(b as Tensor, ct, { transposeA: transposeB, transposeB: true })
        : matmul(ct, b as Tensor, { transposeB: !transposeB })
    return transposeB
      ? matmul(ct, a as Tensor, { transposeA: true, transposeB: transposeA })
      : matmul(a as Tensor, ct, { transposeA: !transposeA })
  },
  vectorize: ({ parameters }, lanes) => {
    const [a, b] = lanes.inputs as readonly [Tensor, Tensor]
    const rank = rankOf(lanes.mapped[0] ? a : b)
    const { transposeA, transposeB } = parameters
    if (lanes.side === 'first' && !lanes.mapped[1] && !transposeA && rank === 3) {
      const [size, rows, inner] = a.shape as [number, number, number]
      const product = matmul(reshape(a, [size * rows, inner]), b, parameters)
      return reshape(product, [size, rows, product.shape[1] as number])
    }
    if (lanes.side === 'last' && !lanes.mapped[0] && !transposeB) {
      const [inner, columns, size] = b.shape.slice(-3) as [number, number, number]
      const product = matmul(a, reshape(b, [...b.shape.slice(0, -3), inner, columns * size]), parameters)
      return reshape(product, [...product.shape.slice(0, -1), columns, size])
    }
    return alongFirst(lanes, xs => matmul(...(xs as [Tensor, Tensor]), parameters))
  }
})

/**
 * Matrix product over the last two axes; leading axes are equal and index independent products.
 * shape    [...s m k], [...s k n] -> [...s m n], each operand read transposed if told
 * @throws TypeError with the shapes, if they do not fit
 * @example matmul(fromNested([[1, 2]]), fromNested([[3], [4]])) // => [[11]]
 */
export const matmul = (a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: Partial<Sides> = {}): Tensor =>
  apply(matmulPrimitive, { transposeA, transposeB }, a, b)
