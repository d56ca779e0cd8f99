import { describe, expect, it } from 'vitest'
import { affine } from '../../src/flow/affine.js'
import { changeOfVariables, type StretchedFlow } from '../../src/laws/changeOfVariables.js'
import { density, type NumberDensity } from '../../src/laws/density.js'
import { power } from '../../src/laws/estimator.js'
import { flowFrom } from '../../src/laws/expressions.js'
import type { Direction, NumberFlow } from '../../src/laws/flow.js'
import { checkAll } from '../../src/laws/law.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { blocks } from '../flow/support/blocks.js'
import { run } from '../support/law.js'
import { drawn, flows, implicitFlow } from './support/subjects.js'

/** Samples that a direction of a flow makes of normal noise. */
const samplesBy = (direction: Direction, dimension = 1): Required<Pick<NumberDensity, 'samples'>> => ({
  samples: async (seed, count) => {
    const noise = normal(fromSeed(seed))(count * dimension)
    const points: number[] = []
    for (let i = 0; i < count; i++)
      points.push(
        ...Array.from((await direction(Array.from(noise.subarray(i * dimension, (i + 1) * dimension)))).value)
      )
    return points
  }
})

/** What a flow in one or two dimensions makes of a standard normal. */
const densityOf = (flow: NumberFlow, sign = 1): NumberDensity => ({
  name: flow.name,
  dimension: flow.dimension as 1 | 2,
  box: 30,
  tail: 1e-6,
  error: 1e-9,
  panels: flow.dimension === 1 ? 400 : 30,
  logDensity: async x => {
    const { value, logDet = 0 } = await flow.forward(x)
    return -0.5 * Array.from(value).reduce((sum, z) => sum + z * z + Math.log(2 * Math.PI), 0) + sign * logDet
  },
  ...samplesBy(flow.inverse, flow.dimension)
})

const curved = implicitFlow('an ImpFlow block of tanh', drawn(blocks(1, { activation: 'tanh', constants: [0.5] }), 3))
const [, , plane] = flows as readonly [NumberFlow, NumberFlow, NumberFlow]
const scaling = flowFrom('an affine layer', affine, { shift: fromArray([0.5]), logScale: fromArray([0.75]) }, 1)

/** A density without its samples, which take long where every one is a root. */
const massOnly = ({ samples: _, ...rest }: NumberDensity): NumberDensity => rest

describe('densities of flows keep the laws of densities', () => {
  run(density(massOnly({ ...densityOf(curved), box: 20, panels: 120 })))
  run(density(massOnly({ ...densityOf(plane), box: 10, panels: 14 })))
  run(density(densityOf(scaling)))
})

describe('wrong densities are seen', () => {
  const right = massOnly({ ...densityOf(curved), box: 20, panels: 120 })
  run(
    power(density, right, {
      'the sign of the log-determinant': { ...right, logDensity: densityOf(curved, -1).logDensity },
      'half of it': { ...right, logDensity: densityOf(curved, 0.5).logDensity }
    })
  )
  const sampled = densityOf(scaling)
  run(
    power(density, sampled, {
      'samples by the map instead of its inverse': { ...sampled, ...samplesBy(scaling.forward) }
    })
  )
})

/** A flow of which constants are claimed. */
const proposed = (flow: NumberFlow): StretchedFlow => {
  const { stretch } = flow
  if (stretch === undefined) throw new Error(`${flow.name} has no constants`)
  return { ...flow, stretch }
}

describe('law 28: the change of variables, by importance sampling', () => {
  const gentle = proposed(
    implicitFlow('an ImpFlow block of constant 0.25', drawn(blocks(1, { activation: 'tanh', constants: [0.25] }), 3))
  )
  const layer = proposed({ ...scaling, stretch: { forward: Math.exp(0.75), inverse: Math.exp(-0.75) } })
  run(changeOfVariables(gentle))
  run(changeOfVariables(layer))

  const withLogDet = (flow: StretchedFlow, change: (logDet: number) => number): StretchedFlow => ({
    ...flow,
    forward: async x => {
      const image = await flow.forward(x)
      return { ...image, logDet: change(image.logDet ?? 0) }
    }
  })
  const mutants: Readonly<Record<string, StretchedFlow>> = {
    'the sign of the log-determinant': withLogDet(gentle, l => -l),
    'the sign of the log-determinant of a layer': withLogDet(layer, l => -l),
    'no log-determinant': withLogDet(layer, () => 0),
    'a log-determinant that is off by 0.2': withLogDet(layer, l => l + 0.2),
    'an inverse that is the map': { ...layer, inverse: layer.forward }
  }
  it.each(Object.keys(mutants))('the law sees the planted mutant: %s', async name => {
    const mutant = mutants[name]
    if (mutant === undefined) throw new Error(name)
    expect((await checkAll(changeOfVariables(mutant))).map(({ holds }) => holds)).toEqual([false])
  })
})
