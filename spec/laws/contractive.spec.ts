import { describe } from 'vitest'
import { contractive } from '../../src/laws/contractive.js'
import { activations } from '../../src/net/activations.js'
import { nets } from '../net/support/nets.js'
import { run } from '../support/law.js'
import { drawn, netOf } from './support/subjects.js'

describe('nets of every activation keep the laws of contractions', () => {
  for (const activation of Object.keys(activations) as (keyof typeof activations)[])
    run(contractive(netOf(activation, drawn(nets(3, { activation, depth: 2, constants: [0.97] }), 6))))
})
