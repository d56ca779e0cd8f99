import { command } from 'cmd-ts'
import { taskEither as TE } from 'fp-ts'
import { blockKinds } from '../interop/vectors/drawnBlocks.js'
import { vectors } from './commands/vectors.js'
import type { Env } from './env.js'
import { type Failure, misused } from './failure.js'
import { jsonOption, text, wholeOr, withRead } from './options.js'

type Done = TE.TaskEither<Failure, unknown>

/** `impflow vectors` */
export const vectorsCommand = (env: Env) =>
  command({
    name: 'vectors',
    description:
      'write blocks with intervals that hold their exact results: a program outside by more than its own rounding is wrong',
    args: {
      out: text('out', 'DIR', 'folder to make, with vectors.json and vectors.npz'),
      seed: text('seed', 'S', 'determines weights and points; default 0'),
      count: text('count', 'N', `number of blocks; default ${blockKinds.length}, one of each kind`),
      json: jsonOption('print nothing but one line of JSON')
    },
    examples: [
      { description: 'one block of each kind', command: 'impflow vectors --out vectors' },
      { description: 'many, with other numbers', command: 'impflow vectors --out vectors-7 --seed 7 --count 280' }
    ],
    handler: ({ out, seed, count, json }): Done =>
      out === undefined
        ? TE.left(misused('--out is missing: impflow vectors --out DIR'))
        : withRead(wholeOr('seed', seed, 0, 0), s =>
            withRead(wholeOr('count', count, 1, blockKinds.length), n => vectors(env, { out, seed: s, count: n, json }))
          )
  })
