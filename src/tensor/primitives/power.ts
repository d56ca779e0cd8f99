import { either as E } from 'fp-ts'
import { notLinear } from '../rules.js'
import { apply, type Like, type Primitive, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'

export const powerPrimitive: Primitive<{ readonly exponent: number }> = {
  name: 'power',
  domain: ['nonzero'],
  shape: ({ exponent }, [x = []]) =>
    Number.isInteger(exponent) ? E.right(x) : E.left(`the exponent must be an integer, not ${exponent}`),
  jvp: ({ parameters: { exponent }, inputs: [x] }, [dx]) =>
    dx === undefined || exponent === 0 ? [] : [mul(mul(dx, exponent), power(x as Tensor, exponent - 1))],
  transpose: node => notLinear(node),
  vectorize: ({ parameters }, { inputs: [x] }) => apply(powerPrimitive, parameters, x as Tensor)
}

/**
 * Elementwise integer power; 0^0 = 1, a negative power of 0 is infinite.
 * tangent  dy = n x^(n-1) dx
 */
export const power = (x: Like, exponent: number): Tensor => apply(powerPrimitive, { exponent }, asTensor(x))
