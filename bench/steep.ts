import { writeFileSync } from 'node:fs'
import { must } from '../spec/support/must.js'
import { steepChart, steepNumbers } from '../src/experiment/steepReport.js'
import { steepExperiment } from '../src/experiment/steepRun.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { functionFit1d } from '../src/plot/functionFit1d.js'

/** The paper's 1-D example, trained: writes docs/steep.json, .svg and .png. */
const result = await must(steepExperiment(onnxBackend('float32')))
const picture = await must(functionFit1d(steepChart(result)))
const numbers = `${JSON.stringify(steepNumbers(result), null, 2)}\n`
writeFileSync('docs/steep.json', numbers)
writeFileSync('docs/steep.svg', picture.svg)
writeFileSync('docs/steep.png', picture.png)
process.stdout.write(numbers)
