import { describe, expect, it } from 'vitest'
import { blockKinds, blockNames } from '../../src/flow/blockKinds.js'

describe('kinds of blocks', () => {
  it('have titles, nets, and say whether other programs know them', () => {
    expect(blockNames).toEqual(['impflow', 'resflow', 'monotone'])
    expect(blockNames.map(name => blockKinds[name].title)).toEqual(['ImpFlow', 'ResFlow', 'Monotone flow'])
    expect(blockNames.map(name => blockKinds[name].nets)).toEqual([['gx', 'gz'], ['gx'], ['gx']])
    expect(blockNames.map(name => blockKinds[name].exchangeable)).toEqual([true, true, false])
  })
})
