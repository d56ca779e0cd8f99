import { join } from 'node:path'
import { function as F, taskEither as TE } from 'fp-ts'
import { conforms, linesFile, type Report, toJson, toMarkdown, toText } from '../../conform/report.js'
import type { Verdict } from '../../conform/verdict.js'
import { parseOracle } from '../../interop/oracle.js'
import type { OracleBlock } from '../../interop/oracleBlock.js'
import { oracleErrorMessage } from '../../interop/oracleError.js'
import { commitText, type DiskError } from '../../train/runFolder/disk.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Examination, examine } from '../conform/examine.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, interrupted, orFail } from '../failure.js'

/** What to examine, and how. */
export interface ConformOptions {
  readonly command: string
  /** Folder of the report; null for none. */
  readonly out: string | null
  /** Milliseconds that an answer may take. */
  readonly patience: number
  readonly seed: number
  /** Number of random blocks. */
  readonly cases: number
  readonly json: boolean
}

/** The blocks with known results that come with the program, from `src` as from `dist`. */
const vectors = join(import.meta.dirname, '../../../vectors/blocks.json')

const readGolden = ({ disk }: Env): TE.TaskEither<Failure, readonly OracleBlock[]> =>
  F.pipe(
    orFail(runFolderErrorMessage)(disk.read(vectors)),
    TE.flatMap(bytes =>
      orFail(oracleErrorMessage)(TE.fromEither(parseOracle(vectors)(new TextDecoder().decode(bytes))))
    ),
    TE.map(({ blocks }) => blocks)
  )

/** Makes a folder unless it is there. */
const ensured = ({ disk }: Env, path: string): TE.TaskEither<DiskError, void> =>
  TE.orElse((error: DiskError) => (error.code === 'EEXIST' ? TE.right<DiskError, void>(undefined) : TE.left(error)))(
    disk.makeFolder(path)
  )

const all = <E>(tasks: readonly TE.TaskEither<E, void>[]): TE.TaskEither<E, unknown> => TE.sequenceSeqArray(tasks)

/** Writes report.md, report.json and the lines of what failed; lines of an earlier report in the folder go. */
const save = (env: Env, folder: string, report: Report): TE.TaskEither<DiskError, unknown> => {
  const bad = report.verdicts.filter(({ verdict }) => verdict === 'failed')
  const fileOf = (verdict: Verdict): string => join(folder, linesFile(verdict))
  const replays = join(folder, 'replay')
  return F.pipe(
    ensured(env, folder),
    TE.flatMap(() => ensured(env, replays)),
    TE.flatMap(() => env.disk.list(replays)),
    TE.flatMap(names =>
      all(names.filter(name => name.endsWith('.jsonl')).map(name => env.disk.remove(join(replays, name))))
    ),
    TE.flatMap(() =>
      all(bad.map(one => commitText(env.disk, fileOf(one), one.lines.map(line => `${line}\n`).join(''))))
    ),
    TE.flatMap(() =>
      all([
        commitText(env.disk, join(folder, 'report.md'), toMarkdown(report, fileOf)),
        commitText(env.disk, join(folder, 'report.json'), `${JSON.stringify(toJson(report, fileOf), null, 2)}\n`)
      ])
    )
  )
}

const examined = (
  env: Env,
  options: ConformOptions,
  golden: readonly OracleBlock[]
): TE.TaskEither<Failure, Report> => {
  const { command, seed, cases, patience } = options
  const progress = (done: number, of: number): void => {
    if (env.stderr.isTTY === true) env.stderr.write(`\r${done} of ${of} cases${done === of - 1 ? '\r\x1b[K' : ''}`)
  }
  const start = () => env.launch(command)
  const run: TE.TaskEither<Failure, Examination> = TE.fromTask(() =>
    examine({ start, patience, interrupted: env.interrupted, progress }, { seed, random: cases, golden })
  )
  return TE.flatMap(run, ({ name, verdicts }) =>
    env.interrupted()
      ? TE.left(interrupted('Stopped; no report is written.'))
      : TE.right({ command, name, seed, cases, verdicts })
  )
}

/**
 * Runs the laws and the golden vectors against an implementation that speaks the protocol of docs/protocol.md, prints a
 * line a law or a line of JSON, and writes the report to a folder.
 * failure  if any law fails, or the report cannot be written
 */
export const conform = (env: Env, options: ConformOptions): TE.TaskEither<Failure, Report> =>
  F.pipe(
    readGolden(env),
    TE.flatMap(golden => examined(env, options, golden)),
    TE.tap(report =>
      options.out === null ? TE.right(null) : orFail(runFolderErrorMessage)(save(env, options.out, report))
    ),
    TE.tapIO(report => () => {
      const fileOf = (verdict: Verdict) => (options.out === null ? null : join(options.out, linesFile(verdict)))
      env.print(options.json ? `${JSON.stringify(toJson(report, fileOf))}\n` : toText(report))
      if (options.out !== null && !options.json) say(env, `${options.out}: report.md, report.json.`)
    }),
    TE.tap((report): TE.TaskEither<Failure, null> => {
      const bad = report.verdicts.filter(({ verdict }) => verdict === 'failed').map(({ law }) => law)
      return conforms(report)
        ? TE.right(null)
        : TE.left(failed(`${options.command}: ${bad.length} laws fail: ${bad.join(', ')}.`))
    })
  )
