import { describe, expect, it } from 'vitest'
import { couplingSizes } from '../../src/flow/coupling.js'

describe('couplings', () => {
  it('leave the first half, rounded down, or the rest as it is', () => {
    expect(couplingSizes(5, 'first')).toEqual({ kept: 2, moved: 3 })
    expect(couplingSizes(5, 'last')).toEqual({ kept: 3, moved: 2 })
    expect(couplingSizes(4, 'last')).toEqual({ kept: 2, moved: 2 })
  })
})
