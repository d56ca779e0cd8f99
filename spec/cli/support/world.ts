import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Env } from '../../../src/cli/env.js'
import { nodeEnv } from '../../../src/cli/nodeEnv.js'
import { runProgram } from '../../../src/cli/runProgram.js'
import { toCsv } from '../../../src/data/csv.js'
import type { Points } from '../../../src/data/points.js'
import { foldIn, fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'

/** A folder that goes away after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'impflow-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A command line in a folder of its own, its output caught. */
export const world = (overrides: Partial<Env> = {}, folder = temporaryFolder()) => {
  const [printed, said]: [string[], string[]] = [[], []]
  const env: Env = {
    ...nodeEnv(() => false),
    print: text => {
      printed.push(text)
    },
    stderr: {
      write: (text: string) => {
        said.push(text)
      }
    },
    cores: 1,
    runs: join(folder, 'runs'),
    ...overrides
  }
  return {
    folder,
    env,
    run: (...words: readonly string[]): Promise<number> => runProgram(env, words),
    /** A path in the folder. */
    at: (...names: readonly string[]): string => join(folder, ...names),
    write: (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
    stdout: (): string => printed.join(''),
    stderr: (): string => said.join('')
  }
}

/** Correlated points that are quickly learnt, not standardised. */
export const points = (rows: number, columns: number): Points => {
  const draws = normal(foldIn(fromSeed(5), columns))(rows * columns)
  const values = draws.map((x, i) => 3 + 2 * x + (i % columns === 0 ? 0 : 1.5 * (draws[i - 1] as number)))
  return { rows, columns, values }
}

/** The same as a file. */
export const pointsFile = (place: ReturnType<typeof world>, rows = 200, columns = 3): string =>
  place.write('table.csv', toCsv(points(rows, columns)))

/** A flow that is trained in a second. */
export const tiny = ['--blocks', '1', '--hidden', '8', '--batch', '16'] as const
