import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../../src/interop/pytorch/crc32.js'
import { law } from '../../support/law.js'

describe('crc32', () => {
  it('has the check value of its definition', () =>
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926))

  law('of no bytes is 0, and of any a byte changes it', [fc.uint8Array({ minLength: 1 }), fc.nat()], (bytes, at) => {
    const changed = bytes.map((byte, i) => (i === at % bytes.length ? byte ^ 1 : byte))
    return crc32(new Uint8Array(0)) === 0 && crc32(changed) !== crc32(bytes)
  })
})
