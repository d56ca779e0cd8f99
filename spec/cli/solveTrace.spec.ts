import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { pointsFile, tiny, world } from './support/world.js'

describe('solve-trace', () => {
  it('tells the steps of every solver and draws them in the folder of the run', async () => {
    const place = world()
    const run = place.at('run')
    expect(await place.run('train', pointsFile(place, 200, 2), '--out', run, ...tiny, '--steps', '5', '--json')).toBe(0)
    const traced = world({}, place.folder)
    expect(await traced.run('solve-trace', run, '--count', '9', '--json')).toBe(0)
    const told = JSON.parse(traced.stdout()) as readonly { readonly solver: string; readonly mostSteps: number }[]
    expect(told.map(({ solver }) => solver)).toEqual([
      'picard',
      'anderson',
      'limitedBroyden',
      'newtonKrylov',
      'broyden',
      'newton'
    ])
    expect(told.every(({ mostSteps }) => mostSteps > 0 && mostSteps < 200)).toBe(true)
    expect(existsSync(`${run}/solve-trace.png`) && existsSync(`${run}/solve-trace.svg`)).toBe(true)
    const text = world({}, place.folder)
    expect(await text.run('solve-trace', run, '--points', pointsFile(place, 200, 2), '--limit', '1')).toBe(0)
    expect(text.stdout()).toMatch(/picard +1 +1 +200\n/)
  })

  it('says which roots there are', async () => {
    const place = world()
    const [implicit, residual] = [place.at('i'), place.at('r')]
    await place.run('train', pointsFile(place, 200, 2), '--out', implicit, ...tiny, '--steps', '3', '--json')
    await place.run(
      'train',
      pointsFile(place, 200, 2),
      '--model',
      'resflow',
      '--out',
      residual,
      ...tiny,
      '--steps',
      '3',
      '--json'
    )
    const bad = world({}, place.folder)
    expect(await bad.run('solve-trace', implicit, '--block', '7')).toBe(2)
    expect(bad.stderr()).toMatch(/--block is 7, where a whole number from 0 to \d+ should be/)
    const none = world({}, place.folder)
    expect(await none.run('solve-trace', residual, '--points', pointsFile(place, 200, 2))).toBe(2)
    expect(none.stderr()).toMatch('The density of this model needs no roots: leave --points out')
    const unknown = world({}, place.folder)
    expect(await unknown.run('solve-trace', place.at('nothing'))).toBe(1)
    expect(await unknown.run('solve-trace', implicit, '--limit', '0')).toBe(2)
  })
})
