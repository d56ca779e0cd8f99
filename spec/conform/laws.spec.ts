import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Block, Net } from '../../src/conform/block.js'
import { type Capability, type Case, holds } from '../../src/conform/case.js'
import type { Law } from '../../src/conform/law.js'
import { laws } from '../../src/conform/laws.js'
import { readAnswer, toLine } from '../../src/conform/protocol.js'
import type { Answer } from '../../src/conform/question.js'
import { fromSeed } from '../../src/random/key.js'

/** g(v) = slope v, as a net. */
const linear = (slope: number): Net => ({
  layers: [
    {
      W: [
        [slope, 0],
        [0, slope]
      ],
      b: [0, 0]
    }
  ],
  beta: [],
  preact: false
})

const block: Block = { kind: 'impflow', d: 2, activation: 'sin', g_x: linear(0.5), g_z: linear(-0.25) }
const points = [
  [0.3, -1.2],
  [2, 0.7],
  [-0.4, 0.1]
]

const planeCase = (without: readonly Capability[] = []): Case => ({
  name: 'a linear block',
  dimension: 2,
  x: points,
  z: points,
  block,
  constants: { gx: 0.5, gz: 0.25 },
  oracle: null,
  key: fromSeed(9),
  can: capability => !without.includes(capability)
})

interface Question {
  readonly id: unknown
  readonly op: string
  readonly x: number[][]
  readonly z: number[][]
  readonly noise: number[][]
  readonly cotangent_z: number[][]
  readonly block: Block
}
type Operation = (q: Question, factor: () => number) => Readonly<Record<string, unknown>>

const scaled = (rows: readonly number[][], by: number): number[][] => rows.map(row => row.map(v => v * by))

const checked = (rows: unknown): number[][] => {
  const good = (row: unknown): boolean => Array.isArray(row) && row.length === 2 && row.every(Number.isFinite)
  if (!Array.isArray(rows) || !rows.every(good)) throw new Error('expected rows of 2 finite numbers')
  return rows as number[][]
}

/** The map z = f x of the plane, f = (1 + a) / (1 + b), as an implementation. */
const right: Readonly<Record<string, Operation>> = {
  forward: ({ x }, f) => ({ z: scaled(checked(x), f()) }),
  inverse: ({ z }, f) => ({ x: scaled(checked(z), 1 / f()) }),
  sample: ({ noise }, f) => ({ x: scaled(checked(noise), 1 / f()) }),
  log_det: ({ x }, f) => ({ log_det: checked(x).map(() => 2 * Math.log(f())) }),
  log_prob: ({ x }, f) => ({
    log_prob: scaled(checked(x), f()).map(
      ([a = 0, b = 0]) => -(a * a + b * b) / 2 - Math.log(2 * Math.PI) + 2 * Math.log(f())
    )
  }),
  vjp: ({ cotangent_z: u }, f) => ({ x: scaled(checked(u), f()) })
}

/** What becomes of a law where some operations are wrong: whether it holds, or the trouble that ended it. */
const outcome = (law: Law, c: Case, wrong: Readonly<Record<string, Operation>>): boolean | string => {
  let factor = 1.5 / 0.75
  const operations = { ...right, ...wrong }
  const reply = (line: string): Answer => {
    let id: unknown = null
    try {
      const q = JSON.parse(line) as Question
      id = q.id
      if (q.op === 'load') {
        const { g_x, g_z } = q.block
        const slope = (net: Net | null): number => net?.layers[0]?.W[0]?.[0] ?? 0
        if (wrong['load'] === undefined) factor = (1 + slope(g_x)) / (1 + slope(g_z))
        return { id, ok: true }
      }
      return { id, ok: true, ...(operations[q.op] as Operation)(q, () => factor) }
    } catch (error) {
      return { id, ok: false, error: String(error) }
    }
  }
  const asking = law.check(c)
  let [step, id] = [asking.next(), 0]
  while (step.done !== true) {
    const question = step.value
    const answer = readAnswer(++id, question, JSON.stringify(reply(toLine(id, question))))
    if (E.isLeft(answer)) return answer.left.kind
    step = asking.next(answer.right)
  }
  return step.value.every(holds)
}

const fails = (id: string, wrong: Readonly<Record<string, Operation>>, without: readonly Capability[] = []) =>
  outcome(laws.find(law => law.id === id) as Law, planeCase(without), wrong)

const own = laws.filter(({ id }) => !id.startsWith('golden'))

describe('the laws of the kit', () => {
  it.each(own.map(law => [law.id, law] as const))('%s holds of a right implementation', (_id, law) => {
    expect(outcome(law, planeCase(), {})).toBe(true)
  })

  it('log-det and round trips hold without vjp too, by differences', () => {
    for (const id of ['log-det', 'round-trip-x', 'round-trip-z']) expect(fails(id, {}, ['vjp'])).toBe(true)
    expect(fails('log-det', { log_det: ({ x }) => ({ log_det: x.map(() => -2 * Math.log(2)) }) }, ['vjp'])).toBe(false)
  })

  let calls = 0
  const wrongs: readonly (readonly [string, string, Readonly<Record<string, Operation>>, boolean | string])[] = [
    ['round-trip-x', 'an inverse off by 1e-9', { inverse: ({ z }) => ({ x: scaled(z, 0.5 + 1e-9) }) }, false],
    ['round-trip-z', 'an inverse off by 1e-9', { inverse: ({ z }) => ({ x: scaled(z, 0.5 + 1e-9) }) }, false],
    ['sample', 'a sampler that runs forward', { sample: ({ noise }, f) => ({ x: scaled(noise, f()) }) }, false],
    ['log-det', 'zero', { log_det: ({ x }) => ({ log_det: x.map(() => 0) }) }, false],
    ['log-det', 'the wrong sign', { log_det: ({ x }, f) => ({ log_det: x.map(() => -2 * Math.log(f())) }) }, false],
    [
      'log-prob',
      'bits',
      {
        log_prob: (q, f) => ({
          log_prob: ((right['log_prob'] as Operation)(q, f)['log_prob'] as number[]).map(v => v / Math.LN2)
        })
      },
      false
    ],
    [
      'vjp-differences',
      'a gradient a thousandth too large',
      { vjp: ({ cotangent_z: u }, f) => ({ x: scaled(u, 1.001 * f()) }) },
      false
    ],
    [
      'vjp-linear',
      'a gradient that is clipped',
      { vjp: ({ cotangent_z: u }, f) => ({ x: u.map(row => row.map(v => Math.min(1, v * f()))) }) },
      false
    ],
    [
      'block-equation',
      'a root that is off by 1e-9',
      { forward: ({ x }, f) => ({ z: scaled(checked(x), f() + 1e-9) }) },
      false
    ],
    ['bi-lipschitz', 'a slope above the bound', { forward: ({ x }) => ({ z: scaled(checked(x), 2.001) }) }, false],
    ['bi-lipschitz', 'a slope below the bound', { forward: ({ x }) => ({ z: scaled(checked(x), 0.39) }) }, false],
    ['exchange', 'a second block that is not loaded', { load: () => ({}) }, false],
    [
      'batch',
      'images that take the mean of the batch',
      { forward: ({ x }) => ({ z: x.map(row => row.map(v => v + x.flat().reduce((a, b) => a + b, 0) / x.length)) }) },
      false
    ],
    [
      'batch',
      'images in another order',
      { forward: ({ x }) => ({ z: x.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)) }) },
      false
    ],
    ['determinism', 'noise in the last digits', { forward: ({ x }) => ({ z: scaled(x, 2 + 1e-15 * ++calls) }) }, false],
    [
      'empty-batch',
      'a row for no points',
      { forward: ({ x }) => ({ z: x.length === 0 ? [[0, 0]] : x }) },
      'wrong shape'
    ],
    [
      'invalid-input',
      'NaN taken for zero',
      { forward: ({ x }) => ({ z: checked(x.map(row => row.map(v => (typeof v === 'string' ? 0 : v)))) }) },
      false
    ]
  ]
  it.each(wrongs)('%s finds %s', (id, _what, wrong, expected) => {
    expect(fails(id, wrong)).toBe(expected)
  })

  it('every law but the golden ones is shown to fail', () => {
    expect([...new Set(wrongs.map(([id]) => id))].sort()).toEqual(own.map(({ id }) => id).sort())
  })
})
