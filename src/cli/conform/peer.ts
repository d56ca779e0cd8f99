import { spawn } from 'node:child_process'
import { either as E } from 'fp-ts'
import { longestLine } from '../../conform/protocol.js'
import type { Trouble } from '../../conform/question.js'

/** A process that is asked one line at a time. */
export interface Peer {
  /** Sends a line and waits for one. After a Left the process is of no more use. */
  readonly ask: (line: string, milliseconds: number) => Promise<E.Either<Trouble, string>>
  /** Ends the process and all that it started in its group: at once, or after half a second to leave by itself. */
  readonly end: (atOnce: boolean) => Promise<void>
}

type Reply = E.Either<Trouble, string>

const lastWords = (text: string): string => {
  const line = text.trim().split('\n').at(-1) ?? ''
  return line === '' ? '' : `; its last words: ${JSON.stringify(line.slice(-200))}`
}

/** Lines out of chunks, the rest kept; `rest` is null once it has grown too long. */
const lineReader = (take: (line: string) => void, overflow: () => void) => {
  let [chunks, size]: [Buffer[], number] = [[], 0]
  return (chunk: Buffer): void => {
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      take(Buffer.concat([...chunks, chunk.subarray(from, at)]).toString('utf8'))
      ;[chunks, size, from] = [[], 0, at + 1]
    }
    chunks.push(chunk.subarray(from))
    size += chunk.length - from
    if (size > longestLine) overflow()
  }
}

/** Starts a command line in the system's shell. Whatever it does, the promises of `ask` are kept in time. */
export const launch = (command: string): Peer => {
  // A group of its own, so that what the shell started ends with it.
  const grouped = process.platform !== 'win32'
  const child = spawn(command, { shell: true, detached: grouped })
  let [waiting, unasked, heard, closed]: [((reply: Reply) => void) | null, string[], string, boolean] = [
    null,
    [],
    '',
    false
  ]
  let broken: Trouble | null = null

  const kill = (): void => {
    try {
      if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // It has ended already.
    }
  }
  const settle = (reply: Reply): void => {
    const resolve = waiting
    waiting = null
    resolve?.(reply)
  }
  const fail = (kind: Trouble['kind'], message: string): void => {
    broken ??= { kind, message }
    settle(E.left(broken))
  }
  const overflow = (): void => {
    fail('too long', `more than ${longestLine} characters without an end of line`)
    child.stdout.destroy()
    kill()
  }

  child.stdout.on(
    'data',
    lineReader(line => {
      if (waiting === null) unasked = [...unasked.slice(0, 1), line]
      else settle(E.right(line))
    }, overflow)
  )
  child.stderr.on('data', (chunk: Buffer) => {
    heard = (heard + chunk.toString('utf8')).slice(-2000)
  })
  // What a dying process no longer reads is told by its end.
  child.stdin.on('error', () => undefined)
  child.on('error', error => fail('died', `it could not be started: ${error.message}`))
  child.stdout.on('end', () => {
    setTimeout(() => fail('died', `it closed its output${lastWords(heard)}`), 500).unref()
  })
  const closing = new Promise<void>(resolve =>
    child.on('close', (code, signal) => {
      closed = true
      const how = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`
      fail('died', how + lastWords(heard))
      resolve()
    })
  )

  return {
    ask: (line, milliseconds) => {
      const [early] = unasked
      if (early !== undefined) fail('garbage', `a line that was not asked for: ${JSON.stringify(early.slice(0, 60))}`)
      if (broken !== null) return Promise.resolve(E.left(broken))
      return new Promise<Reply>(resolve => {
        const timer = setTimeout(
          () => fail('timed out', `no answer in ${milliseconds / 1000} s${lastWords(heard)}`),
          milliseconds
        )
        waiting = reply => {
          clearTimeout(timer)
          resolve(reply)
        }
        child.stdin.write(`${line}\n`)
      })
    },
    end: async atOnce => {
      const [wait, timers]: [(ms: number) => Promise<void>, NodeJS.Timeout[]] = [
        ms => new Promise(resolve => timers.push(setTimeout(resolve, ms))),
        []
      ]
      child.stdin.end()
      if (!atOnce && !closed) await Promise.race([closing, wait(500)])
      kill()
      await Promise.race([closing, wait(1000)])
      timers.forEach(clearTimeout)
      child.stdout.destroy()
      child.stderr.destroy()
      child.unref()
    }
  }
}
