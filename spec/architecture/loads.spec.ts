import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, sourcesIn } from './sources.js'

/** Inside of a test: a module that does not load takes the tests of the files that import it away, and fails none of them. */
describe('modules of the core', () => {
  const folders = ['tensor', 'rewrite', 'solve', 'lipschitz', 'logdet', 'flow', 'net']
  it.each(folders.flatMap(folder => sourcesIn(`src/${folder}`).map(({ path }) => path)))('%s loads', async path => {
    expect(await import(join(root, path))).toBeTypeOf('object')
  })
})
