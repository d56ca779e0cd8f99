import { onnxFloat32 } from '../../../src/interpret/runningError/machine.js'
import { float32 } from '../../support/float32.js'
import { parity } from '../../support/parity.js'

parity('an interpreter that rounds to float32 after every step', async outputs => float32(outputs), onnxFloat32)
