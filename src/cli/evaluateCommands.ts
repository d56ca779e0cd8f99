import { command } from 'cmd-ts'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { EstimateOptions } from '../distribution/estimate.js'
import { density, latent } from './commands/density.js'
import { type EstimateRequest, estimate } from './commands/estimate.js'
import { solveTrace } from './commands/solveTrace.js'
import type { Env } from './env.js'
import { type Failure, misused } from './failure.js'
import {
  evaluationOptions,
  jsonOption,
  onOff,
  outOption,
  parseEvaluation,
  pointsOption,
  runArgument,
  text,
  wholeOr,
  withRead
} from './options.js'
import { numberOr, oneOf } from './run/settings.js'

type Done = TE.TaskEither<Failure, unknown>

/** Error rate of the confidence interval of a point, and the most draws made for it. */
const interval = { errorRate: 1e-3, limit: 1_000_000 } as const

const estimateOptions = {
  logDet: text('log-det', 'exact|roulette', 'exact, or estimated by a Russian roulette; default exact'),
  draws: text('draws', 'N', 'of a roulette, for every point; default 64'),
  targetError: text('target-error', 'X', 'draw until every mean is within X nats, with probability 0.999'),
  rho: text('rho', 'X', 'chance of one term more in a roulette; chosen from the Lipschitz bounds unless given'),
  seed: text('seed', 'S', 'determines the draws; default 0')
}

type TypedEstimate = { readonly [option in keyof typeof estimateOptions]: string | undefined }

type Estimated = Pick<EstimateRequest, 'rho' | 'seed' | 'until'>

/** Null where log-determinants are exact. */
const parseEstimate = (typed: TypedEstimate): E.Either<Failure, Estimated | null> => {
  const { logDet = 'exact', draws, targetError } = typed
  const stray = Object.entries({
    '--draws': draws,
    '--target-error': targetError,
    '--rho': typed.rho,
    '--seed': typed.seed
  })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)[0]
  return E.flatMap(oneOf('exact', 'roulette')('--log-det', logDet), (kind): E.Either<Failure, Estimated | null> => {
    if (kind === 'exact')
      return stray === undefined
        ? E.right(null)
        : E.left(misused(`${stray} is of --log-det roulette, which is not asked for.`))
    if (draws !== undefined && targetError !== undefined)
      return E.left(misused('--draws and --target-error are both given, where one of them should be.'))
    return F.pipe(
      E.Do,
      E.bind('n', () => wholeOr('draws', draws, 1, 64)),
      E.bind('halfWidth', () => numberOr('a number above 0', x => x > 0)('--target-error', targetError, null)),
      E.bind('rho', () => numberOr('a number above 0 and below 1', x => x > 0 && x < 1)('--rho', typed.rho, null)),
      E.bind('seed', () => wholeOr('seed', typed.seed, 0, 0)),
      E.map(({ n, halfWidth, rho, seed }) => {
        const until: EstimateOptions['until'] = halfWidth === null ? { draws: n } : { halfWidth, ...interval }
        return { rho, seed, until }
      })
    )
  })
}

/** `impflow density` */
export const densityCommand = (env: Env) =>
  command({
    name: 'density',
    description: 'log-densities of points, nats, with their errors',
    args: {
      run: runArgument,
      points: pointsOption,
      out: outOption('write log-densities to a file'),
      ...estimateOptions,
      ...evaluationOptions,
      noErrorEstimates: onOff('no-error-estimates', 'leave out logDensityErrorEstimate, which takes most of the time'),
      json: jsonOption('print an array of JSON')
    },
    examples: [
      { description: 'log-densities as CSV', command: 'impflow density runs/checkerboard-001 --points points.csv' },
      {
        description: 'to a NumPy file',
        command: 'impflow density runs/checkerboard-001 --points points.npy --out density.npy'
      },
      {
        description: 'estimated, for many dimensions, each to 0.1 nats',
        command: 'impflow density runs/points-001 --points points.npy --log-det roulette --target-error 0.1'
      }
    ],
    handler: ({ run, points, out, json, logDet, draws, targetError, rho, seed, noErrorEstimates, ...typed }): Done =>
      points === undefined
        ? TE.left(misused('--points is missing: impflow density RUN --points FILE'))
        : withRead(parseEvaluation(typed), how =>
            withRead(parseEstimate({ logDet, draws, targetError, rho, seed }), estimated => {
              const request = { run, points, out: out ?? null, json, ...how }
              if (estimated !== null && noErrorEstimates)
                return TE.left(
                  misused('--no-error-estimates is of exact log-determinants; a roulette tells standard errors.')
                )
              return (
                estimated === null
                  ? density(env, { ...request, errorEstimates: !noErrorEstimates })
                  : estimate(env, { ...request, ...estimated })
              ) as Done
            })
          )
  })

/** `impflow latent` */
export const latentCommand = (env: Env) =>
  command({
    name: 'latent',
    description: 'the noise that points come from',
    args: {
      run: runArgument,
      points: pointsOption,
      out: outOption('write noise to a file'),
      ...evaluationOptions,
      json: jsonOption('print an array of JSON')
    },
    examples: [
      { description: 'noise as CSV', command: 'impflow latent runs/checkerboard-001 --points points.csv' },
      {
        description: 'to a NumPy file',
        command: 'impflow latent runs/checkerboard-001 --points points.npy --out latent.npy'
      }
    ],
    handler: ({ run, points, out, json, ...typed }): Done =>
      points === undefined
        ? TE.left(misused('--points is missing: impflow latent RUN --points FILE'))
        : withRead(parseEvaluation(typed), how => latent(env, { run, points, out: out ?? null, json, ...how }) as Done)
  })

/** The command `solve-trace`. */
export const solveTraceCommand = (env: Env) =>
  command({
    name: 'solve-trace',
    description: 'follow every solver to the roots of a block, and draw |F| by steps in the folder of the run',
    args: {
      run: runArgument,
      points: text('points', 'FILE', 'points whose densities need the roots; default: the roots of samples'),
      count: text('count', 'N', 'samples; default 64'),
      seed: text('seed', 'S', 'determines the samples; default 0'),
      block: text('block', 'K', 'which root, from 0 in the order in which they are computed; default 0'),
      limit: text('limit', 'N', 'most steps; default 200'),
      backend: evaluationOptions.backend,
      gpuMode: evaluationOptions.gpuMode,
      precision: evaluationOptions.precision,
      json: jsonOption('print an array of JSON: solver, medianSteps, mostSteps, unfinished')
    },
    examples: [
      { description: 'of 64 samples', command: 'impflow solve-trace runs/checkerboard-001' },
      {
        description: 'of own points',
        command: 'impflow solve-trace runs/checkerboard-001 --points points.csv --block 2'
      }
    ],
    handler: ({ run, points, count, seed, block, limit, json, ...wish }): Done =>
      withRead(
        F.pipe(
          E.Do,
          E.bind('count', () => wholeOr('count', count, 1, 64)),
          E.bind('seed', () => wholeOr('seed', seed, 0, 0)),
          E.bind('block', () => wholeOr('block', block, 0, 0)),
          E.bind('limit', () => wholeOr('limit', limit, 1, 200)),
          E.bind('wish', () => parseEvaluation({ ...wish, threads: undefined }))
        ),
        ({ wish: { wish }, ...read }) => solveTrace(env, { run, points: points ?? null, json, wish, ...read })
      )
  })
