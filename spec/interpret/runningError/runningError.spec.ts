import { describe, expect, it } from 'vitest'
import { onnxFloat32, reference } from '../../../src/interpret/runningError/machine.js'
import { boundsOf } from '../../../src/interpret/runningError/runningError.js'
import { scalar } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { float32 } from '../../support/float32.js'
import { parity } from '../../support/parity.js'

describe('running error', () => {
  it('of 1 + 2 is one rounding of 3, slightly inflated', () => {
    const [bound] = boundsOf(reference)([add(scalar(1), scalar(2))])
    expect(bound?.[0]).toBeGreaterThanOrEqual(3 * 2 ** -53)
    expect(bound?.[0]).toBeLessThan(3.01 * 2 ** -53)
  })
})

parity('an interpreter that rounds to float32 after every step', async outputs => float32(outputs), onnxFloat32)
