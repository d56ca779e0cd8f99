import { must } from '../../spec/support/must.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { root } from '../../src/solve/root.js'
import type { Solver } from '../../src/solve/solver.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { type Comparison, type Size, type Subject, timedHere } from '../comparison.js'
import { rotatedSines, solvers } from '../rotatedSines.js'
import { given, interpreters } from '../subjects.js'

const contraction = 0.9

/**
 * Roots of z + g(z) = y to 1e-6 (1 + |z|), g(z) = c Q S sin(Q'z), Q orthogonal, S diagonal from -1 to 1, c = 0.9: every solver
 * on ONNX Runtime, and the first on the other interpreters. `npm run bench:solvers` has more constants and dimensions.
 */
const rootsComparison = async (d: number, rows: number, names: readonly string[]): Promise<Comparison> => {
  const g = rotatedSines(d, contraction)
  const targets = normal(foldIn(fromSeed(6), d))(d * rows).map(v => v / Math.sqrt(d))
  const { found, missing } = await interpreters()
  const subjects: Subject[] = []
  for (const [i, { name, backend }] of found.entries())
    for (const solver of i < 2 ? names : names.slice(0, 1)) {
      const y = input('y', [d, rows])
      const options = { solver: solvers[solver] as Solver, contraction, tolerance: 1e-6 }
      const [z] = vectorizeOver(
        at => [root(unknown => sub(add(unknown, g(unknown)), at as Tensor), { ...options, start: at as Tensor })],
        [y],
        [true],
        rows,
        'last'
      )
      const run = await must(backend.compile([y], [z as Tensor]))
      const how = { name: `${name}, ${solver}`, precision: backend.precision, threads: 1 }
      subjects.push(timedHere(how, () => must(run([given(backend, targets)]))))
    }
  return {
    name: `roots of ${rows} problems in ${d} dimensions, c = ${contraction}`,
    subjects,
    missing,
    // Each root is within 1e-6 (1 + |z|) / (1 - c) of the exact one.
    allowed: { float32: 4e-5, float64: 4e-5 }
  }
}

/** Solvers to a tolerance. */
export const solver = async (size: Size): Promise<readonly Comparison[]> => {
  const [small, large] = [
    ['broyden', 'newton', 'newtonKrylov', 'anderson', 'limitedBroyden', 'picard'],
    ['newtonKrylov', 'anderson', 'limitedBroyden', 'picard']
  ]
  if (size === 'tiny') return [await rootsComparison(2, 4, small)]
  return [await rootsComparison(2, 512, small), await rootsComparison(63, size === 'quick' ? 64 : 512, large)]
}
