import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { world } from '../cli/support/world.js'

const misbehaving = join(import.meta.dirname, 'support/misbehaving.mjs')

interface Said {
  readonly conforms: boolean
  readonly laws: readonly {
    readonly law: string
    readonly verdict: string
    readonly reason: string | null
    readonly worst: { readonly where: string } | null
    readonly replay: string | null
  }[]
}

/** The kit against an implementation that fails in a way. */
const against = async (how: string) => {
  const place = world()
  const command = `node ${JSON.stringify(misbehaving)} ${JSON.stringify(how)}`
  const timeout = ['silent', 'late'].includes(how) ? '1' : '60'
  const code = await place.run('conform', '--command', command, '--timeout', timeout, '--json')
  const said = JSON.parse(place.stdout()) as Said
  const of = (verdict: string) => said.laws.filter(law => law.verdict === verdict).map(({ law }) => law)
  return { place, code, said, failed: of('failed'), passed: of('passed'), notRun: of('not run') }
}

/** The laws that ask for an inverse. */
const withInverse = ['round-trip-x', 'round-trip-z', 'sample']

describe('an implementation that does well', () => {
  it('conforms without blocks; what needs them is not run', async () => {
    const { code, failed, passed, notRun, place } = await against('well')
    expect([code, failed]).toEqual([0, []])
    expect(passed).toEqual(expect.arrayContaining([...withInverse, 'log-det', 'log-prob', 'batch', 'invalid-input']))
    expect(notRun).toEqual(expect.arrayContaining(['load', 'block-equation', 'golden-z']))
    expect(place.stderr()).toBe('')
  })

  it('may be slow to leave', async () => {
    expect((await against('stays')).code).toBe(0)
  })
})

describe.each([
  ['silent', /timed out: inverse: no answer in 1 s/],
  ['late', /timed out: inverse: no answer in 1 s/],
  ['crash', /died: inverse: it ended with exit code 3; its last words: "Segmentation fault, or so"/],
  ['middle', /died: inverse: it ended with exit code 0/],
  ['garbage', /garbage: inverse: the answer to inverse is not JSON: "epoch 1: loss 0.3"/],
  ['huge', /too long: inverse: more than 33554432 characters/],
  ['flood', /garbage: inverse: /],
  ['array', /garbage: inverse: .* where an object should be/],
  ['shape', /wrong shape: inverse: x\[0\] has 1 entries, where 2 entries should be/],
  ['missing', /wrong shape: inverse: x is nothing/],
  ['words', /wrong shape: inverse: x\[0\]\[0\] is "much", where a number should be/],
  ['nan', /not finite: inverse: x\[0\]\[0\] is NaN/],
  ['bareNan', /garbage: inverse: the answer to inverse is not JSON/],
  ['otherId', /garbage: inverse: .* has the id/],
  ['notOk', /garbage: inverse: .* has ok "yes"/],
  ['refuses', /refused: inverse: inverse is refused: "not today"/],
  ['closes', /died: inverse: it closed its output/],
  ['binary', /garbage: inverse: /]
])('an implementation whose inverse is %s', (how, reason) => {
  it('fails the laws that ask for it, and only these', async () => {
    const { code, failed, passed, said } = await against(how)
    expect(code).toBe(1)
    expect(failed).toEqual(withInverse)
    expect(passed).toContain('invalid-input')
    for (const { law, reason: why } of said.laws.filter(({ law }) => withInverse.includes(law)))
      expect([law, why]).toEqual([law, expect.stringMatching(reason)])
  })
})

describe('other misbehaviour', () => {
  it('an answer said twice fails the next question', async () => {
    const { code, said } = await against('twice')
    expect(code).toBe(1)
    expect(JSON.stringify(said)).toMatch(/garbage: /)
  })

  it.each([
    ['exits', /died: describe: it ended with exit code 1/],
    ['banner', /garbage: describe: the answer to describe is not JSON: "Welcome to the identity"/],
    ['future', /garbage: describe: protocol is 2, where 1 should be/]
  ])('%s at the start: nothing else is run', async (how, reason) => {
    const { code, failed, passed, said } = await against(how)
    expect([code, failed, passed]).toEqual([1, ['describe'], []])
    expect(said.laws[0]?.reason).toMatch(reason)
  })

  it('nonsense that is accepted, or that ends the process, fails the law on invalid input', async () => {
    const accepting = await against('accepts')
    expect(accepting.failed).toContain('invalid-input')
    expect(accepting.said.laws.find(({ law }) => law === 'invalid-input')?.worst?.where).toMatch(/NaN|is accepted/)
    expect((await against('dies at nonsense')).failed).toEqual(['invalid-input'])
  })

  it('a command that does not exist is said in one line', async () => {
    const place = world()
    expect(await place.run('conform', '--command', 'no-such-flow-anywhere', '--timeout', '5')).toBe(1)
    expect(place.stdout()).toMatch(/FAILED +describe +died: describe: it ended with exit code 127/)
    expect(place.stderr().trim().split('\n')).toHaveLength(1)
  })
})

describe('the report', () => {
  it('is written with the questions that show a failure again', async () => {
    const place = world()
    const out = place.at('report')
    const command = `node ${JSON.stringify(misbehaving)} shape`
    expect(await place.run('conform', '--command', command, '--out', out)).toBe(1)
    const markdown = readFileSync(join(out, 'report.md'), 'utf8')
    expect(markdown).toMatch(/\| round-trip-x \| .* \| failed \| 0 \| wrong shape: inverse/)
    const json = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Said
    const lines = join(out, 'replay', 'round-trip-x.jsonl')
    expect(json.laws.find(({ law }) => law === 'round-trip-x')?.replay).toBe(`${command} < ${lines}`)
    const ops = readFileSync(lines, 'utf8')
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { op: string }).op)
    expect(ops).toEqual(['forward', 'inverse'])

    // A second report in the same folder leaves nothing of the first.
    expect(await place.run('conform', '--command', `node ${JSON.stringify(misbehaving)} well`, '--out', out)).toBe(0)
    expect(existsSync(lines)).toBe(false)
  })

  it('is not written when a person stops the run', async () => {
    const place = world({ interrupted: () => true })
    const command = `node ${JSON.stringify(misbehaving)}`
    expect(await place.run('conform', '--command', command, '--out', place.at('report'))).toBe(130)
    expect([place.stdout(), existsSync(place.at('report'))]).toEqual(['', false])
  })

  it('cannot be written where a file is', async () => {
    const place = world()
    const out = place.write('taken', 'text')
    const command = `node ${JSON.stringify(misbehaving)}`
    expect(await place.run('conform', '--command', command, '--out', out)).toBe(1)
    expect(place.stderr()).toMatch(/taken/)
  })
})

describe('a wrong call', () => {
  it.each([
    [[], /--command is missing/],
    [['--command', ' '], /--command is missing/],
    [['--command', 'x', '--timeout', '0'], /--timeout/],
    [['--command', 'x', '--seed', '-1'], /--seed/],
    [['--command', 'x', '--cases', '1.5'], /--cases/],
    [['--command', 'x', 'y'], /y/]
  ])('%j is refused with exit code 2', async (words, message) => {
    const place = world()
    expect(await place.run('conform', ...words)).toBe(2)
    expect([place.stdout(), place.stderr()]).toEqual(['', expect.stringMatching(message)])
  })
})
