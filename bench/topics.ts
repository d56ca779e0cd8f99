import type { Comparison, Size } from './comparison.js'
import { block } from './topics/block.js'
import { compile } from './topics/compile.js'
import { inference } from './topics/inference.js'
import { memory } from './topics/memory.js'
import { net } from './topics/net.js'
import { primitives } from './topics/primitives.js'
import { solver } from './topics/solver.js'
import { startUp } from './topics/startUp.js'
import { step } from './topics/step.js'

/** What is compared, by name: cases of a size, made but not run. */
export const topics: Readonly<Record<string, (size: Size) => Promise<readonly Comparison[]>>> = {
  primitives,
  net,
  solver,
  block,
  step,
  inference,
  compile,
  memory,
  'start-up': startUp
}
