import { describe, expect, it } from 'vitest'
import { conditioned } from '../../src/flow/conditioned.js'
import { contractiveMlp } from '../../src/lipschitz/contractive.js'
import { activations } from '../../src/net/activations.js'
import { fromArray } from '../../src/tensor/constructors.js'

describe('a net that takes a context', () => {
  it('needs a layer', () => {
    const net = contractiveMlp({ activation: activations.sine, leading: false })
    const none = { layers: [], betas: [], norms: [] }
    const given = { net: none, reader: { layers: [], betas: [] }, context: fromArray([1]) }
    const reading = { activation: activations.sine, leading: false }
    expect(() => conditioned(net, reading).bound(given)).toThrow('a net that takes a context needs a layer')
  })
})
