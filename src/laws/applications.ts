import fc from 'fast-check'
import { type PrimitiveName, primitives, type Structural } from '../tensor/primitives.js'
import { range, type Shape } from '../tensor/shape.js'
import { apply, type Domain, type Primitive, type Tensor } from '../tensor/tensor.js'
import { type Mood, type Sample, samples, shapes, tensorOf } from './samples.js'

/** Primitives that are applied to numbers: all but those that carry bodies or numbers themselves. */
export type Applicable = Exclude<PrimitiveName, Structural>

/** A primitive with parameters and arguments, as data. */
export interface Application {
  readonly name: Applicable
  readonly parameters: object
  readonly arguments: readonly Sample[]
}

type Form = { readonly parameters: object; readonly shapes: readonly Shape[] }

const alike = (count: number): fc.Arbitrary<Form> =>
  fc
    .oneof(
      { weight: 6, arbitrary: shapes({ maxRank: 2 }) },
      shapes({ maxRank: 6 }),
      shapes({ maxRank: 2, empty: true })
    )
    .map(shape => ({ parameters: {}, shapes: range(count).map(() => shape) }))

const subset = (shape: Shape, minLength = 0): fc.Arbitrary<readonly number[]> =>
  fc.subarray([...range(shape.length)], { minLength })

const integers = (count: number, max: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: 0, max }), { minLength: count, maxLength: count })

const small = fc.integer({ min: 1, max: 3 })
const kinds = fc.constantFrom('nearIdentity', 'general')

/** Sampled parameters and shapes that fit them, for the primitives that are not elementwise. */
const forms: Partial<Readonly<Record<Applicable, fc.Arbitrary<Form>>>> = {
  broadcast: shapes({ empty: true }).chain(shape =>
    subset(shape).map(axes => ({ parameters: { shape, axes }, shapes: [axes.map(axis => shape[axis] as number)] }))
  ),
  concat: shapes({ minRank: 1 }).chain(shape =>
    fc.tuple(fc.nat(shape.length - 1), fc.integer({ min: 0, max: 2 })).map(([axis, length]) => ({
      parameters: { axis },
      shapes: [shape, shape.map((n, i) => (i === axis ? length : n))]
    }))
  ),
  logAbsDet: fc.tuple(shapes({ maxRank: 1 }), fc.integer({ min: 1, max: 4 }), kinds).map(([lead, n, kind]) => ({
    parameters: { kind },
    shapes: [[...lead, n, n]]
  })),
  matmul: fc
    .tuple(shapes({ maxRank: 2 }), small, fc.integer({ min: 0, max: 3 }), small, fc.boolean(), fc.boolean())
    .map(([lead, m, k, n, transposeA, transposeB]) => ({
      parameters: { transposeA, transposeB },
      shapes: [
        [...lead, ...(transposeA ? [k, m] : [m, k])],
        [...lead, ...(transposeB ? [n, k] : [k, n])]
      ]
    })),
  max: shapes({ minRank: 1 }).chain(shape => subset(shape, 1).map(axes => ({ parameters: { axes }, shapes: [shape] }))),
  pad: shapes({ minRank: 1, maxRank: 2, empty: true }).chain(shape =>
    fc
      .tuple(integers(shape.length, 2), integers(shape.length, 2))
      .map(([before, after]) => ({ parameters: { before, after }, shapes: [shape] }))
  ),
  permute: shapes({ maxRank: 4 }).chain(shape =>
    fc
      .shuffledSubarray([...range(shape.length)], { minLength: shape.length })
      .map(axes => ({ parameters: { axes }, shapes: [shape] }))
  ),
  power: fc
    .tuple(fc.integer({ min: -3, max: 5 }), shapes({ maxRank: 2 }))
    .map(([exponent, shape]) => ({ parameters: { exponent }, shapes: [shape] })),
  reshape: shapes({ empty: true }).chain(shape =>
    fc
      .constantFrom([...shape].reverse(), [shape.reduce((a, b) => a * b, 1)], [1, ...shape], [...shape, 1, 1])
      .map(target => ({ parameters: { shape: target }, shapes: [shape] }))
  ),
  slice: shapes({ minRank: 1, empty: true }).chain(shape =>
    fc.tuple(integers(shape.length, 2), integers(shape.length, 3)).map(([first, lengths]) => {
      const start = shape.map((n, i) => Math.min(n, first[i] as number))
      const window = shape.map((n, i) => Math.min(n - (start[i] as number), lengths[i] as number))
      return { parameters: { start, shape: window }, shapes: [shape] }
    })
  ),
  solve: fc
    .tuple(shapes({ maxRank: 1 }), fc.integer({ min: 1, max: 4 }), small, kinds, fc.boolean())
    .map(([lead, n, k, kind, transpose]) => ({
      parameters: { kind, transpose },
      shapes: [
        [...lead, n, n],
        [...lead, n, k]
      ]
    })),
  sum: shapes({ minRank: 1, empty: true }).chain(shape =>
    subset(shape, 1).map(axes => ({ parameters: { axes }, shapes: [shape] }))
  )
}

/** The names of all applicable primitives. */
export const applicable = Object.keys(primitives).filter(
  name => !['input', 'constant', 'iterate', 'component'].includes(name)
) as readonly Applicable[]

/** The domain of each argument. */
export const domainsOf = (name: Applicable): readonly Domain[] => primitives[name].domain

/** Applications of a primitive: sampled parameters, shapes that fit, numbers in its domain. */
export const applications = (name: Applicable, mood: Mood = 'ordinary'): fc.Arbitrary<Application> => {
  const domains = domainsOf(name)
  return (forms[name] ?? alike(domains.length)).chain(form =>
    fc
      .tuple(...form.shapes.map((shape, i) => samples(shape, domains[i] as Domain, mood)))
      .map(sampled => ({ name, parameters: form.parameters, arguments: sampled }))
  )
}

/** The primitive of an application as a function of its arguments. */
export const functionOf =
  ({ name, parameters }: Pick<Application, 'name' | 'parameters'>) =>
  (...xs: readonly Tensor[]): Tensor =>
    apply(primitives[name] as Primitive<unknown>, parameters, ...xs)

/** An application with tangents or other tensors of the same shapes beside it. */
export const withDirections = (
  name: Applicable,
  count: number,
  mood: Mood = 'ordinary'
): fc.Arbitrary<readonly [Application, ...(readonly (readonly Sample[])[])]> =>
  applications(name, mood).chain(application =>
    fc
      .tuple(...range(count).map(() => fc.tuple(...application.arguments.map(x => samples(x.shape, 'real')))))
      .map(directions => [application, ...directions] as const)
  )

export const argumentsOf = (application: Application): readonly Tensor[] => application.arguments.map(tensorOf)
