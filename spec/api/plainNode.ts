import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../architecture/sources.js'

/** Runs a module in plain node, where `impflow` is the built package, and reads what it prints as JSON. */
export const inPlainNode = (code: string): unknown => {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('there is no dist: npm run build')
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: root,
    input: code,
    encoding: 'utf8',
    maxBuffer: 1 << 28
  })
  if (status !== 0) throw new Error(`${code}\n${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1) as string)
}

/** A function `shown` for such modules: tensors become nested numbers, and what JSON cannot say becomes text. */
export const shownSource = `
import { toNested as __nested } from 'impflow'
const shown = x => {
  if (typeof x === 'number') return Number.isFinite(x) ? x : String(x)
  if (x === undefined) return 'undefined'
  if (x === null || typeof x !== 'object') return x
  if (ArrayBuffer.isView(x)) return Array.from(x, shown)
  if (Array.isArray(x)) return x.map(shown)
  if ('primitive' in x && 'inputs' in x) return shown(__nested(x))
  return Object.fromEntries(Object.entries(x).filter(([, y]) => typeof y !== 'function').map(([k, y]) => [k, shown(y)]))
}
`
