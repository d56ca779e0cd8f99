import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { evaluationMethod } from '../../src/distribution/programs.js'
import type { Architecture } from '../../src/flow/architecture.js'
import { type BlockName, blockNames } from '../../src/flow/blockKinds.js'
import { certify } from '../../src/flow/certify.js'
import { blockLayoutOf, layoutOf } from '../../src/flow/layout.js'
import type { Reals } from '../../src/interpret/backend.js'
import { referenceBackend } from '../../src/interpret/reference/referenceBackend.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { blockwiseLoss, blockwiseRows } from '../../src/train/blockwise.js'
import type { RowsProgram } from '../../src/train/rowsProgram.js'
import { wholeFlowLoss, wholeFlowRows } from '../../src/train/wholeFlow.js'
import { must } from '../support/must.js'

const method = evaluationMethod(referenceBackend)
const points = Float64Array.of(0.4, -1.1, 2, 0.3, 0.7, 0)
const weights = Float64Array.of(1, 0.5, 0)
const noise = [Float64Array.of(1, -1, 1, 1, 1, -1), Float64Array.of(1, 1, 2, 4, 0)]

const architectureOf = (model: BlockName): Architecture => ({
  model,
  dimension: 2,
  blocks: 3,
  hidden: [4, 3],
  activation: 'tanh',
  coefficient: 0.8
})

/** The largest difference, with the largest magnitude as the unit. */
const apart = (a: Reals, b: Reals): number =>
  Math.max(...a.map((x, i) => Math.abs(x - (b[i] as number)))) / Math.max(1, ...b.map(Math.abs))

describe.each(blockNames)('a %s flow run block by block', model => {
  const architecture = architectureOf(model)
  const certified = certify(architecture, normal(fromSeed(5))(layoutOf(architecture).size))
  const effective = E.isRight(certified) ? certified.right.effective : new Float64Array(0)

  it.each([null, 5])('has the loss, gradient and roots of the flow as one program, %s terms', async terms => {
    const [whole, blockwise] = await Promise.all(
      [wholeFlowRows, blockwiseRows].map(compile => must(compile(referenceBackend, architecture, method, 3, 1, terms)))
    )
    const inputs = [effective, points, weights, ...(terms === null ? [] : noise)]
    const [one, other] = await Promise.all([whole, blockwise].map(rows => must((rows as RowsProgram).run(inputs))))
    const [loss, gradient, unsolved, above, steps] = one as readonly Reals[] as [Reals, Reals, ...Reals[]]
    expect(other?.length).toBe(one?.length)
    expect([unsolved, other?.[2]]).toEqual([Float64Array.of(0), Float64Array.of(0)])
    // Roots within (1 + |z|) tolerance / (1 - c) of one another, through steps and slopes below 1e3.
    const allowed = 1e3 * method.tolerance * 10
    expect(apart(other?.[0] as Reals, loss)).toBeLessThan(allowed)
    expect(apart(other?.[1] as Reals, gradient)).toBeLessThan(allowed)
    expect(other?.[3]).toEqual(above)
    expect(other?.[4]).toEqual(steps)
    const [verdict, same] = await Promise.all([whole, blockwise].map(rows => must((rows as RowsProgram).judge(inputs))))
    expect(same).toEqual(verdict)
  })

  it('has its loss without a gradient too', async () => {
    const inputs = [effective, points, weights]
    const [one, other] = await Promise.all(
      [wholeFlowLoss, blockwiseLoss].map(async compile =>
        must((await must(compile(referenceBackend, architecture, method, 3, 1)))(inputs))
      )
    )
    expect(apart(other?.[0] as Reals, one?.[0] as Reals)).toBeLessThan(1e4 * method.tolerance)
  })

  it('cuts parameters into those of its blocks and joins them again', () => {
    const { one, pick, join } = blockLayoutOf(architecture)
    const parts = [0, 1, 2].map(b => pick(effective, b))
    expect(parts.map(part => part.length)).toEqual([0, 1, 2].map(() => layoutOf(one).size))
    expect(join(parts, length => new Float64Array(length))).toEqual(effective)
  })
})
