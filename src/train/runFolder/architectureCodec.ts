import { either as E } from 'fp-ts'
import * as t from 'io-ts'
import { type BlockName, blockKinds } from '../../flow/blockKinds.js'
import { activations } from '../../net/activations.js'

const isNumber =
  (test: (x: number) => boolean) =>
  (value: unknown): value is number =>
    typeof value === 'number' && test(value)

/** A number with a property; `name` is what errors say should be there. */
const numberThat = (name: string, test: (x: number) => boolean): t.Type<number> => {
  const is = isNumber(test)
  return new t.Type(
    name,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    x => x
  )
}

/** A whole number from 1. */
export const positiveWhole = numberThat('a whole number from 1', x => Number.isSafeInteger(x) && x >= 1)

/** A finite number above 0. */
export const positive = numberThat('a number above 0', x => Number.isFinite(x) && x > 0)

/** Null, or what a codec says. */
export const nullable = <A extends t.Mixed>(codec: A) => t.union([codec, t.null])

/** Fields of an architecture, the dimension apart. */
export const architectureFields = {
  model: t.keyof<Readonly<Record<BlockName, unknown>>>(blockKinds),
  blocks: positiveWhole,
  hidden: t.array(positiveWhole),
  activation: t.keyof(activations),
  coefficient: numberThat('a number above 0 and below 1', x => x > 0 && x < 1)
}

const wholeFromZero = numberThat('a whole number from 0', x => Number.isSafeInteger(x) && x >= 0)

/** An architecture as a model's description says it. */
export const architectureCodec = t.intersection([
  t.type({ ...architectureFields, dimension: positiveWhole }),
  t.partial({ leading: t.boolean, actNorms: t.array(wholeFromZero) })
])

/** Left where a text is not one of the activations. */
export const parseActivation = (name: string): E.Either<null, keyof typeof activations> =>
  E.mapLeft(() => null)(architectureFields.activation.decode(name))
