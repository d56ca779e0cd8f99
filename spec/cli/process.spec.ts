import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { interruption } from '../../src/cli/interruption.js'
import { pointsFile, tiny, world } from './support/world.js'

const main = join(import.meta.dirname, '../../src/cli/main.ts')
const tsx = join(import.meta.dirname, '../../node_modules/tsx/dist/esm/index.mjs')

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The command line as a process of its own. */
const start = (folder: string, ...words: readonly string[]): readonly [ChildProcess, Promise<Ended>] => {
  const child = spawn(process.execPath, ['--import', tsx, main, ...words], { cwd: folder })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [stdout, stderr]: [string[], string[]] = [[], []]
  child.stdout.on('data', data => stdout.push(String(data)))
  child.stderr.on('data', data => stderr.push(String(data)))
  const ended = new Promise<Ended>(resolve =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout: stdout.join(''), stderr: stderr.join('') }))
  )
  return [child, ended]
}

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited for a minute')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

describe('interruption', () => {
  it('asks to stop first, and stops at once the second time', () => {
    const [said, exits]: [string[], number[]] = [[], []]
    const { signal, requested } = interruption(
      line => said.push(line),
      code => exits.push(code)
    )
    expect(requested()).toBe(false)
    signal()
    expect([requested(), exits, said.length]).toEqual([true, [], 1])
    signal()
    expect(exits).toEqual([130])
  })
})

describe('a process', () => {
  const args = (place: ReturnType<typeof world>, out: string) => [
    'train',
    pointsFile(place),
    '--out',
    place.at(out),
    ...tiny,
    '--steps',
    '600',
    '--json'
  ]
  const trained = (place: ReturnType<typeof world>, out: string) => () =>
    existsSync(place.at(out, 'metrics.jsonl')) && readFileSync(place.at(out, 'metrics.jsonl')).length > 0

  it('goes on bit for bit after kill -9, and after Ctrl-C, which saves and exits with 130', async () => {
    const place = world()
    expect(await place.run(...args(place, 'straight'))).toBe(0)
    const [killed, death] = start(place.folder, ...args(place, 'stopped'))
    await until(trained(place, 'stopped'))
    killed.kill('SIGKILL')
    expect((await death).signal).toBe('SIGKILL')

    const [stopped, ended] = start(place.folder, ...args(place, 'stopped'), '--resume')
    const size = readFileSync(place.at('stopped', 'metrics.jsonl')).length
    await until(() => readFileSync(place.at('stopped', 'metrics.jsonl')).length > size)
    stopped.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect([code, stdout]).toEqual([130, ''])
    expect(stderr).toMatch('press Ctrl-C again to stop at once')
    expect(stderr).toMatch(/impflow: Stopped after step \d+; all is saved. Go on with: impflow train .* --resume/)

    expect(await place.run(...args(place, 'stopped'), '--resume')).toBe(0)
    for (const file of ['checkpoint.safetensors', 'model.safetensors'])
      expect(readFileSync(place.at('stopped', file)).equals(readFileSync(place.at('straight', file)))).toBe(true)
  })

  it('exits at once when interrupted twice', async () => {
    const place = world()
    const [child, ended] = start(place.folder, ...args(place, 'run'))
    await until(trained(place, 'run'))
    child.kill('SIGINT')
    child.kill('SIGTERM')
    const { code, signal } = await ended
    expect([code, signal]).toEqual([130, null])
  })

  it('says one thing about bad input, without a stack trace', async () => {
    const [, ended] = start(world().folder, 'density', 'nowhere', '--points', 'none.csv')
    const { code, stdout, stderr } = await ended
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
