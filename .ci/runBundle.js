/** Runs the bundle where there is nothing but the language: no process, no require, no Buffer. */
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'

const file = new URL('../coverage/browser/core.js', import.meta.url)
const code = readFileSync(file, 'utf8')
const core = runInNewContext(`${code}\ncore`)
if (!(core.distance < 1e-12) || core.text !== 'x = input [2]\nreturn x' || core.backend !== 'reference')
  throw new Error(`the bundled core computes wrongly: ${JSON.stringify(core)}`)
console.log(`the core runs in a bare context: ${Math.round(code.length / 1024)} KiB, inverse within ${core.distance}`)
