import { onnxFloat32 } from '../../../src/interpret/runningError/machine.js'
import { parity } from '../../../src/laws/parity.js'
import { float32 } from '../../support/float32.js'
import { run } from '../../support/law.js'

run(parity('an interpreter that rounds to float32 after every step', async outputs => float32(outputs), onnxFloat32))
