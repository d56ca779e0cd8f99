import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Comparison, type Size, type Subject, stopwatch } from '../comparison.js'
import { python, pythonMissing } from '../python.js'

const main = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'cli', 'main.js')

const processOf = (name: string, command: string, args: readonly string[]): Subject => ({
  name,
  precision: 'float64',
  threads: 1,
  answer: () => Promise.resolve([]),
  measure: stopwatch(async () => {
    const done = spawnSync(command, args, { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`)
  })
})

/** From the shell to the first word of an answer, beside the import of what others start with. */
export const startUp = async (_size: Size): Promise<readonly Comparison[]> => {
  const built = existsSync(main)
  return [
    {
      name: 'start of a process',
      subjects: [
        ...(built
          ? [
              processOf('impflow --version', process.execPath, [main, '--version']),
              processOf('impflow train --help', process.execPath, [main, 'train', '--help'])
            ]
          : []),
        processOf('node, nothing else', process.execPath, ['-e', '0']),
        ...(python === undefined ? [] : [processOf('python, import torch', python, ['-c', 'import torch'])])
      ],
      missing: [
        ...(built ? [] : ['impflow: npm run build']),
        ...(python === undefined ? [`PyTorch: ${pythonMissing}`] : [])
      ]
    }
  ]
}
