import { either as E } from 'fp-ts'
import * as t from 'io-ts'
import type { ActivationName } from '../net/activations.js'
import type { OracleBlock, OracleFile, OracleGradient, OracleNet } from './oracleBlock.js'
import type { OracleError } from './oracleError.js'
import { type Fault, firstFault } from './oracleShapes.js'

const schema = 'impflow-oracle-blocks-v1'

/** Our names of the activations of the schema. */
export const activationNames = {
  sin: 'sine',
  tanh: 'tanh',
  elu: 'elu',
  swish: 'lipSwish',
  lcube: 'lipschitzCube',
  softplus: 'softplus'
} as const satisfies Readonly<Record<string, ActivationName>>

/** A field that may be missing or null. */
const optional = <A>(codec: t.Type<A>): t.Type<A | undefined> =>
  new t.Type(
    codec.name,
    (u): u is A | undefined => u === undefined || codec.is(u),
    (u, context) => (u === undefined || u === null ? t.success(undefined) : codec.validate(u, context)),
    a => a
  )

const isReal = (u: unknown): u is number => typeof u === 'number' && Number.isFinite(u)
const real = new t.Type<number>(
  'a finite number',
  isReal,
  (u, context) => (isReal(u) ? t.success(u) : t.failure(u, context)),
  x => x
)
const vector = t.array(real)
const matrix = t.array(vector)
const weights = t.type({ layers: t.array(t.type({ W: matrix, b: vector })), beta: optional(vector) })
const net = t.intersection([weights, t.type({ preact: optional(t.boolean) })])
const gradient = t.type({ g_x: weights, g_z: optional(weights), x: matrix })

const blockCodec = t.type({
  name: t.string,
  kind: t.keyof({ impflow: null, resflow: null }),
  d: real,
  activation: t.keyof({ sin: null, tanh: null, elu: null, swish: null, lcube: null, softplus: null }),
  g_x: net,
  g_z: optional(net),
  x: matrix,
  z: matrix,
  logdet: vector,
  logp: vector,
  inverse_x: optional(matrix),
  grad_L: gradient,
  grad_nll: gradient,
  min_singular_value_I_plus_Jgx: optional(real),
  min_singular_value_I_plus_Jgz: optional(real)
})
type Written = t.TypeOf<typeof blockCodec>

const netFrom = ({ layers, beta }: t.TypeOf<typeof weights>): OracleNet => ({
  layers: layers.map(({ W, b }) => ({ weight: W, bias: b })),
  betas: beta ?? []
})

const gradientFrom = ({ g_x, g_z, x }: t.TypeOf<typeof gradient>): OracleGradient => ({
  gx: netFrom(g_x),
  gz: g_z === undefined ? undefined : netFrom(g_z),
  x
})

const blockFrom = (written: Written): OracleBlock => {
  const { kind, g_x, g_z } = written
  return {
    name: written.name,
    dimension: written.d,
    activation: activationNames[written.activation],
    gx: netFrom(g_x),
    gz: g_z === undefined || kind === 'resflow' ? undefined : netFrom(g_z),
    leading: { gx: g_x.preact ?? false, gz: g_z?.preact ?? false },
    x: written.x,
    z: written.z,
    logDet: written.logdet,
    logDensity: written.logp,
    inverse: written.inverse_x,
    gradL: gradientFrom(written.grad_L),
    gradNll: gradientFrom(written.grad_nll),
    smallestSingularValue: Math.min(
      written.min_singular_value_I_plus_Jgx ?? Infinity,
      written.min_singular_value_I_plus_Jgz ?? Infinity
    )
  }
}

/** The path of a validation error: numbers in brackets; the branches of an intersection are no part of it. */
const pathOf = (context: t.Context): string =>
  context
    .filter(({ key }, i) => key !== '' && !(context[i - 1]?.type instanceof t.IntersectionType))
    .reduce((path, { key }) => path + (/^\d+$/.test(key) ? `[${key}]` : path === '' ? key : `.${key}`), '')

const deepest = (errors: t.Errors): Fault => {
  const error = errors.reduce((a, b) => (b.context.length > a.context.length ? b : a))
  const expected = error.context.at(-1)?.type.name ?? ''
  const found = JSON.stringify(error.value) ?? 'missing'
  return { field: pathOf(error.context), reason: `${found.slice(0, 40)} where ${expected} should be` }
}

const nameOf = (block: unknown, index: number): string =>
  typeof block === 'object' && block !== null && 'name' in block && typeof block.name === 'string'
    ? block.name
    : `number ${index + 1}`

const parseBlock =
  (file: string) =>
  (index: number, raw: unknown): E.Either<OracleError, OracleBlock> => {
    const wrong = (fault: Fault): OracleError => ({ _tag: 'WrongField', file, block: nameOf(raw, index), ...fault })
    const decoded = blockCodec.decode(raw)
    if (E.isLeft(decoded)) return E.left(wrong(deepest(decoded.left)))
    if (decoded.right.kind === 'impflow' && decoded.right.g_z === undefined)
      return E.left(wrong({ field: 'g_z', reason: 'missing in an impflow block' }))
    const block = blockFrom(decoded.right)
    const fault = firstFault(block)
    return fault === undefined ? E.right(block) : E.left(wrong(fault))
  }

const container = t.type({ schema: t.string, blocks: t.array(t.unknown) })

/**
 * Reads a file of blocks (schema impflow-oracle-blocks-v1) and checks that all its shapes fit.
 * @param file the name to use in errors
 * failure  NotJson, WrongSchema, WrongField
 */
export const parseOracle =
  (file: string) =>
  (text: string): E.Either<OracleError, OracleFile> => {
    const json = E.tryCatch(
      (): unknown => JSON.parse(text),
      (cause): OracleError => ({
        _tag: 'NotJson',
        file,
        reason: cause instanceof Error ? cause.message : String(cause)
      })
    )
    if (E.isLeft(json)) return json
    const decoded = container.decode(json.right)
    if (E.isLeft(decoded)) return E.left({ _tag: 'WrongField', file, block: '', ...deepest(decoded.left) })
    if (decoded.right.schema !== schema) return E.left({ _tag: 'WrongSchema', file, schema: decoded.right.schema })
    return E.map((blocks: readonly OracleBlock[]) => ({ file, blocks }))(
      E.traverseArray((block: { readonly index: number; readonly raw: unknown }) =>
        parseBlock(file)(block.index, block.raw)
      )(decoded.right.blocks.map((raw, index) => ({ index, raw })))
    )
  }
