import fc from 'fast-check'
import { fromSeed } from '../../src/random/key.js'

export const anyKey = fc.maxSafeNat().map(fromSeed)
