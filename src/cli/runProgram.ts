import { runSafely } from 'cmd-ts'
import { either as E, type taskEither as TE } from 'fp-ts'
import { type Env, say } from './env.js'
import type { Failure } from './failure.js'
import { program } from './program.js'

/** What the parser says of words it does not understand, without its heading and blank lines. */
const misunderstanding = (message: string): string =>
  message
    .replace(/^.*found \d+ errors?\n+/, 'this is not understood:\n')
    .replace(/\n{2,}/g, '\n')
    .trim()

/** Help without the word that every option would carry. */
const help = (message: string): string => message.replaceAll(' [optional]', '')

/** Parses a command line, does what it says, and returns the exit code. Errors are one message on stderr. */
export const runProgram = async (env: Env, words: readonly string[]): Promise<number> => {
  const parsed = await runSafely(program(env), [...words])
  if (parsed._tag === 'error') {
    const { exitCode, message, into } = parsed.error.config
    if (into === 'stdout') env.print(`${help(message)}\n`)
    else say(env, `impflow: ${misunderstanding(message)}`)
    return exitCode === 0 ? 0 : 2
  }
  const task = parsed.value.value as TE.TaskEither<Failure, unknown>
  const done = await task()
  if (E.isRight(done)) return 0
  say(env, `impflow: ${done.left.message}`)
  return done.left.exitCode
}
