import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'

/** A point's image and ln |det| of the map's Jacobian there. An unused log-det costs nothing: it is an expression. */
export interface Image {
  readonly value: Tensor
  readonly logDet: Tensor
}

/** An invertible map of one sample [d]; forward leads from data to noise. Laws: each undoes the other, log-dets cancel. */
export interface Bijection<P extends Tree> {
  readonly forward: (parameters: P) => (x: Tensor) => Image
  readonly inverse: (parameters: P) => (z: Tensor) => Image
}

const andThen =
  (next: (x: Tensor) => Image) =>
  ({ value, logDet }: Image): Image => {
    const image = next(value)
    return { value: image.value, logDet: add(logDet, image.logDet) }
  }

/** The map that changes nothing: the unit of `compose`. */
export const identity: Bijection<readonly []> = {
  forward: () => x => ({ value: x, logDet: constantOf(0) }),
  inverse: () => z => ({ value: z, logDet: constantOf(0) })
}

/** First f, then g. Associative. */
export const compose = <P extends Tree, Q extends Tree>(
  f: Bijection<P>,
  g: Bijection<Q>
): Bijection<readonly [P, Q]> => ({
  forward:
    ([p, q]) =>
    x =>
      andThen(g.forward(q))(f.forward(p)(x)),
  inverse:
    ([p, q]) =>
    z =>
      andThen(f.inverse(p))(g.inverse(q)(z))
})

/** The same kind of map again and again, each with parameters of its own. */
export const chain = <P extends Tree>(f: Bijection<P>): Bijection<readonly P[]> => ({
  forward: parameters => x =>
    parameters.reduce<Image>((image, p) => andThen(f.forward(p))(image), identity.forward([])(x)),
  inverse: parameters => z =>
    parameters.reduceRight<Image>((image, p) => andThen(f.inverse(p))(image), identity.inverse([])(z))
})

/** The inverse map. */
export const invert = <P extends Tree>(f: Bijection<P>): Bijection<P> => ({ forward: f.inverse, inverse: f.forward })
