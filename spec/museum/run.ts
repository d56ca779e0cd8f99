import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../architecture/sources.js'
import { examineAll, page } from './museum.js'

/** `npm run museum`: examines every exhibit and writes docs/museum.md. */
const text = page(await examineAll())
writeFileSync(join(root, 'docs/museum.md'), text)
console.log(text)
