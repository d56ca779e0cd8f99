import { numbersOfBlock } from './checkNumbers.js'
import type { OracleBlock, OracleFile, OracleGradient } from './oracleBlock.js'

/** How a block fares against its oracle: relative errors, and what may be relied on. */
export interface Checked {
  readonly block: string
  /** Largest error over largest magnitude of z. */
  readonly z: number
  readonly logDet: number
  readonly logDensity: number
  /** Of the tensor of both gradients (weights, biases, betas, points) that fares worst. */
  readonly gradient: number
  /** Of the inverse of the oracle's z; undefined where the file does not say it. */
  readonly inverse: number | undefined
  /** Whether every root is as good as rounding allows. */
  readonly converged: boolean
  /** Whether both nets are proved to be contractions; weights are used as given in any case. */
  readonly certified: boolean
  /** Whether all errors are within the thresholds. */
  readonly ok: boolean
}

/** Largest relative errors that pass, in float64. */
export const thresholds = { z: 1e-12, logDet: 1e-11, gradient: 1e-9, gradientNearSingular: 1e-8 } as const

/** Below this singular value of I + J a block counts as near singular. */
const nearSingular = 0.05

const largest = (values: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] as number)
    if (!(size <= most)) most = size
  }
  return most
}

/**
 * Largest error over the largest expected magnitude. A tensor whose magnitudes are below `floor` holds nothing but
 * rounding, and is measured against the floor.
 */
const relative = (found: ArrayLike<number>, expected: readonly number[], floor = 0): number => {
  if (found.length !== expected.length) return Infinity
  const error = largest(expected.map((x, i) => (found[i] as number) - x))
  return error === 0 ? 0 : error / Math.max(largest(expected), floor)
}

/** The tensors of a gradient in the order of `numbersOfBlock`, row-major. */
const flattened = ({ gx, gz, x }: OracleGradient): readonly (readonly number[])[] => [
  ...[gx, ...(gz === undefined ? [] : [gz])].flatMap(({ layers, betas }) => [
    ...layers.flatMap(({ weight, bias }) => [weight.flat(), bias]),
    ...betas.map(beta => [beta])
  ]),
  x.flat()
]

const gradientError = (found: readonly ArrayLike<number>[], expected: OracleGradient): number => {
  const tensors = flattened(expected)
  const floor = 1e-6 * largest(tensors.map(largest))
  return found.length === tensors.length
    ? largest(tensors.map((tensor, i) => relative(found[i] as ArrayLike<number>, tensor, floor)))
    : Infinity
}

/**
 * Computes a block in float64 by `reference` and compares it with its oracle. Weights are used as given, whether or not
 * they can be certified.
 */
export const checkBlock = (block: OracleBlock): Checked => {
  const numbers = numbersOfBlock(block)
  const floor = 1e-4
  const errors = {
    z: relative(numbers.z, block.z.flat()),
    logDet: relative(numbers.logDet, block.logDet, floor),
    logDensity: relative(numbers.logDensity, block.logDensity),
    gradient: largest([gradientError(numbers.gradL, block.gradL), gradientError(numbers.gradNll, block.gradNll)]),
    inverse: block.inverse === undefined ? undefined : relative(numbers.inverse, block.inverse.flat())
  }
  const gradientThreshold =
    block.smallestSingularValue < nearSingular ? thresholds.gradientNearSingular : thresholds.gradient
  return {
    block: block.name,
    ...errors,
    converged: numbers.converged,
    certified: numbers.certified,
    ok:
      numbers.converged &&
      errors.z <= thresholds.z &&
      errors.logDet <= thresholds.logDet &&
      errors.logDensity <= thresholds.logDet &&
      errors.gradient <= gradientThreshold &&
      (errors.inverse ?? 0) <= thresholds.z
  }
}

/** Checks every block of a file. */
export const checkOracle = ({ blocks }: OracleFile): readonly Checked[] => blocks.map(checkBlock)
