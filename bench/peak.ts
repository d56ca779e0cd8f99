import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { freshModel, inferenceCase, paperArchitecture, trainingCase } from './cases.js'

/**
 * Peak memory of a process that does one thing, in MiB, printed: `step BATCH THREADS BLOCKS`, `density COUNT THREADS BLOCKS`. The
 * topic `memory` of the bench starts it.
 */
const [what, count = '500', threads = '1', blocks = '4'] = process.argv.slice(2)
const architecture = { ...paperArchitecture, blocks: Number(blocks) }
if (what === 'step') {
  const { run } = await trainingCase(Number(count), Number(threads), { architecture })
  for (let i = 0; i < 5; i++) await run()
} else {
  const model = await freshModel(architecture)
  const { densityWithErrors } = await inferenceCase(model, onnxBackend('float32'), Number(threads), Number(count))
  await densityWithErrors()
}
process.stdout.write(`${process.resourceUsage().maxRSS / 1024}\n`)
process.exit(0)
