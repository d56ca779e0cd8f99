import { command } from 'cmd-ts'
import { taskEither as TE } from 'fp-ts'
import { conform } from '../commands/conform.js'
import type { Env } from '../env.js'
import { type Failure, misused } from '../failure.js'
import { jsonOption, text, wholeOr, withRead } from '../options.js'

/** The words of `impflow conform`. */
export const conformCommand = (env: Env) =>
  command({
    name: 'conform',
    description: 'run laws and golden vectors against any implementation that speaks the protocol of docs/protocol.md',
    args: {
      command: text('command', 'COMMAND', 'command line that starts the implementation'),
      out: text('out', 'DIR', 'folder for report.md, report.json and the questions that show a failure again'),
      timeout: text('timeout', 'S', 'seconds that an answer may take; default 20'),
      seed: text('seed', 'N', 'determines random blocks, points and directions; default 0'),
      cases: text('cases', 'N', 'number of random blocks beside the golden ones; default 8'),
      json: jsonOption('print nothing but one line of JSON')
    },
    examples: [
      { description: 'your flow', command: 'impflow conform --command "python my_flow.py" --out report' },
      { description: 'more random blocks', command: 'impflow conform --command "./flow" --cases 100 --seed 7' }
    ],
    handler: ({ command: line, out, timeout, seed, cases, json }): TE.TaskEither<Failure, unknown> =>
      line === undefined || line.trim() === ''
        ? TE.left(misused('--command is missing: impflow conform --command "python my_flow.py"'))
        : withRead(wholeOr('timeout', timeout, 1, 20), seconds =>
            withRead(wholeOr('seed', seed, 0, 0), s =>
              withRead(wholeOr('cases', cases, 0, 8), n =>
                conform(env, {
                  command: line,
                  out: out ?? null,
                  patience: 1000 * seconds,
                  seed: s,
                  cases: n,
                  json
                })
              )
            )
          )
  })
