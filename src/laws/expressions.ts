/** Flows, nets, solvers and functions of expressions as subjects of the laws: numbers by `reference`, with proved errors. */
import type { Bijection } from '../flow/bijection.js'
import { reference } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import type { Smooth } from '../lipschitz/contractive.js'
import { jvp, vjp } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { reportOf } from '../solve/report.js'
import { isRoot, residualOf, root, rootsOf, solved } from '../solve/root.js'
import { norm } from '../solve/safeguard.js'
import type { Solver } from '../solve/solver.js'
import { fromArray } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { stack } from '../tensor/primitives/concat.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { equal } from '../tensor/primitives/equal.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { select } from '../tensor/primitives/select.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'
import type { NumberNet } from './contractive.js'
import type { NumberFunction } from './derivative.js'
import type { NumberFlow, NumberImage } from './flow.js'
import { numeric } from './numeric.js'
import type { RootProblem } from './rootProblem.js'
import type { FoundRoot, NumberSolver } from './solver.js'

/**
 * Bounds of the errors of outputs, roots included: a root is off by (|F| + rounding of F) / (1 - c), where what F captures
 * is off as its own bounds say.
 */
const errorsOf = (outputs: readonly Tensor[]): readonly Tensor[] => {
  const known = new Map<Tensor, Tensor>()
  for (const node of rootsOf(outputs)) {
    const [, contraction, ...captured] = node.inputs as readonly [Tensor, Tensor, ...Tensor[]]
    const residual = residualOf(node.parameters.body, captured)(node)
    const at = new Map(known).set(node, constantOf(0, node.shape))
    const rounding = norm(roundingErrors(reference, { known: at })([residual])[0] as Tensor)
    known.set(node, div(add(norm(residual), rounding), mul(1 - 2 ** -40, sub(1, contraction))))
  }
  return roundingErrors(reference, { known })(outputs)
}

/** Whether every root that outputs are made of has converged: 1 or 0. */
const convergedOf = (outputs: readonly Tensor[]): Tensor =>
  rootsOf(outputs)
    .map(node => reportOf(reference, node).converged)
    .reduce((all, one) => minimum(all, one), constantOf(1))

const imageOf = ([value, logDet, error, logDetError, converged]: readonly Float64Array[]): NumberImage => ({
  value: value as Float64Array,
  logDet: logDet?.[0] as number,
  error: Math.hypot(...(error as Float64Array)) * (1 + 2 ** -40),
  logDetError: logDetError?.[0] as number,
  converged: converged?.[0] === 1
})

/**
 * A bijection of this package with its parameters, as a flow of numbers. Every image claims its own proved errors: running
 * rounding errors, and the certificates of its roots.
 */
export const flowFrom = <P extends Tree>(
  name: string,
  bijection: Bijection<P>,
  parameters: P,
  dimension: number,
  options: Partial<Pick<NumberFlow, 'stretch' | 'size' | 'logDet' | 'everywhere'>> = {}
): NumberFlow => {
  const compiled = (side: 'forward' | 'inverse') => {
    const run = numeric([dimension], ([x]) => {
      const { value, logDet } = bijection[side](parameters)(x as Tensor)
      const outputs = simplify([value, logDet])
      return [...outputs, ...errorsOf(outputs), convergedOf(outputs)]
    })
    return (x: readonly number[]): NumberImage => imageOf(run([x]))
  }
  const forwardAll = (xs: readonly (readonly number[])[]): readonly NumberImage[] => {
    const rows = stack(xs.map(x => fromArray(x)))
    const [values, logDets] = numeric(
      [],
      vectorizeOver(
        x => {
          const { value, logDet } = bijection.forward(parameters)(x as Tensor)
          return [value, logDet]
        },
        [rows],
        [true],
        xs.length,
        'first'
      )
    )([]) as [Float64Array, Float64Array]
    return xs.map((_, i) => ({
      value: values.subarray(i * dimension, (i + 1) * dimension),
      logDet: logDets[i] as number
    }))
  }
  return {
    name,
    dimension,
    forward: compiled('forward'),
    inverse: compiled('inverse'),
    accuracy: { value: 0, logDet: 0 },
    forwardAll,
    ...options
  }
}

/** A net of this package, as a net of numbers with a constant claimed for it. */
export const netFrom = (name: string, net: Smooth, constant: number, dimension: number): NumberNet => {
  const run = numeric([dimension], ([x]) => {
    const [value] = simplify([net.value(x as Tensor)])
    return [value as Tensor]
  })
  const corner = numeric([dimension], ([x]) => errorsOf(simplify([net.value(x as Tensor)])))
  const slopes = numeric([dimension], ([x]) => [net.tangents(x as Tensor)[1]])
  const far = Array.from({ length: dimension }, () => 3)
  return {
    name,
    dimension,
    constant,
    value: x => run([x])[0] as Float64Array,
    error: 4 * Math.hypot(...(corner([far])[0] as Float64Array)) + 1e-14,
    jacobian: x => {
      const rows = slopes([x])[0] as Float64Array
      const size = rows.length / dimension
      return Array.from({ length: size }, (_, i) => x.map((__, j) => rows[j * size + i] as number))
    }
  }
}

/** A solver of this package inside its safeguard, as a solver of numbers. */
export const solverFrom = (method: Solver, tolerance = 1e-13, limit = 20_000): NumberSolver => {
  const solveAll = (problems: readonly RootProblem[]): readonly FoundRoot[] => {
    const d = problems[0]?.dimension ?? 0
    const rootOf = (number: Tensor, start: Tensor): Tensor => {
      const f = (z: Tensor): Tensor =>
        problems.map((one, i) => select(equal(number, i), one.expression(z), 0)).reduce((a, b) => add(a, b))
      const contraction = Math.max(...problems.map(one => one.contraction))
      return root(f, { start, contraction, solver: method, tolerance, limit })
    }
    const inputs = [fromArray(problems.map((_, i) => i)), stack(problems.map(({ start }) => fromArray(start)))]
    const [node] = vectorizeOver(
      (number, start) => [rootOf(number as Tensor, start as Tensor)],
      inputs,
      [true, true],
      problems.length,
      'first'
    ) as [Tensor]
    if (!isRoot(node)) return problems.map(({ start }) => ({ value: start, converged: false }))
    const { converged, errorBound } = reportOf(reference, node)
    const [values, done, bounds] = numeric([], [solved(node).value, converged, errorBound])([]) as [
      Float64Array,
      Float64Array,
      Float64Array
    ]
    return problems.map((_, i) => ({
      value: values.subarray(i * d, (i + 1) * d),
      converged: done[i] === 1,
      errorBound: bounds[i] as number
    }))
  }
  return { name: method.name, tolerance, solve: problem => solveAll([problem])[0] as FoundRoot, solveAll }
}

/** A differentiable function of one vector, with the derivatives of this package. */
export const functionFrom = (
  name: string,
  f: (x: Tensor) => Tensor,
  dimension: number,
  options: Pick<NumberFunction, 'error'> & Partial<NumberFunction>
): NumberFunction => {
  const value = numeric([dimension], ([x]) => [f(x as Tensor)])
  const forward = numeric([dimension, dimension], ([x, v]) => [jvp(f)(x as Tensor, v as Tensor)[1]])
  const backward = (x: readonly number[], u: readonly number[]): Float64Array =>
    numeric([dimension, u.length], ([at, ct]) => [vjp(f)(at as Tensor)[1](ct as Tensor)])([x, u])[0] as Float64Array
  return {
    name,
    dimension,
    value: x => value([x])[0] as Float64Array,
    jvp: (x, v) => forward([x, v])[0] as Float64Array,
    vjp: backward,
    ...options
  }
}
