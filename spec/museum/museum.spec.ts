import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from '../architecture/sources.js'
import type { Found } from './exhibit.js'
import { examineAll, exhibits, page } from './museum.js'

describe('the bug museum', () => {
  let found: readonly Found[] = []
  beforeAll(async () => {
    found = await examineAll()
  }, 600_000)

  it.each(exhibits.map(({ bug }, i) => [bug, i] as const))('%s: breaks a law, and only the wrong code does', (_, i) => {
    expect(found[i]?.broken).toEqual([])
    expect(found[i]?.law).toBeDefined()
  })

  it('has right code that passes the usual checks, too', () => {
    expect(found.filter(({ rightIsUsual }) => !rightIsUsual).map(({ bug }) => bug)).toEqual([])
  })

  it('is docs/museum.md, as npm run museum writes it', () => {
    expect(readFileSync(join(root, 'docs/museum.md'), 'utf8')).toBe(page(found))
  })
})
