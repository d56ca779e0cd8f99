#!/usr/bin/env node
import { interruption } from './interruption.js'
import { nodeEnv } from './nodeEnv.js'
import { runProgram } from './runProgram.js'

const { signal, requested } = interruption(
  line => process.stderr.write(`${line}\n`),
  code => process.exit(code)
)
process.on('SIGINT', signal)
process.on('SIGTERM', signal)
// A reader that has seen enough, as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await runProgram(nodeEnv(requested), process.argv.slice(2))
