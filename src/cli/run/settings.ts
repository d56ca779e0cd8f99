import { either as E } from 'fp-ts'
import { blockNames } from '../../flow/blockKinds.js'
import { activations, tooSteep } from '../../net/activations.js'
import { parseActivation } from '../../train/runFolder/architectureCodec.js'
import type { RunSettings } from '../../train/runFolder/config.js'
import { defaultOptimiser } from '../../train/update.js'
import { type Failure, misused } from '../failure.js'

/** Options as typed; undefined where not given. */
export type Typed = { readonly [setting in TypedSetting]?: string | undefined }
type TypedSetting =
  | 'model'
  | 'blocks'
  | 'hidden'
  | 'activation'
  | 'coefficient'
  | 'batch'
  | 'steps'
  | 'minutes'
  | 'logDet'
  | 'optimiser'
  | 'learningRate'
  | 'weightDecay'
  | 'seed'
  | 'backend'
  | 'gpuMode'
  | 'precision'

type Reader<A> = (option: string, text: string) => E.Either<Failure, A>

const wrong = (option: string, text: string, wanted: string): E.Either<Failure, never> =>
  E.left(misused(`${option} is ${JSON.stringify(text)}, where ${wanted} should be.`))

const numberThat =
  (wanted: string, test: (x: number) => boolean): Reader<number> =>
  (option, text) => {
    const x = text.trim() === '' ? Number.NaN : Number(text)
    return test(x) ? E.right(x) : wrong(option, text, wanted)
  }

/** A number that passes a test, or what applies where none is given. */
export const numberOr =
  (wanted: string, test: (x: number) => boolean) =>
  <A>(option: string, typed: string | undefined, otherwise: A): E.Either<Failure, number | A> =>
    typed === undefined ? E.right(otherwise) : numberThat(wanted, x => Number.isFinite(x) && test(x))(option, typed)

/** A whole number from a least one. */
export const whole = (least: number): Reader<number> =>
  numberThat(`a whole number from ${least}`, x => Number.isSafeInteger(x) && x >= least)

const positive = numberThat('a number above 0', x => Number.isFinite(x) && x > 0)
const notNegative = numberThat('a number from 0', x => Number.isFinite(x) && x >= 0)
const coefficient = numberThat(
  'a number above 0 and below 1 (at 1 or more a block need not be invertible)',
  x => x > 0 && x < 1
)

/** One of some words. */
export const oneOf =
  <A extends string>(...names: readonly A[]): Reader<A> =>
  (option, text) => {
    const found = names.find(name => name === text)
    return found === undefined ? wrong(option, text, names.join(' or ')) : E.right(found)
  }

const widths: Reader<readonly number[]> = (option, text) =>
  E.mapLeft(() => misused(`${option} is ${JSON.stringify(text)}, where widths such as 128,128 should be.`))(
    E.traverseArray((part: string) => whole(1)(option, part))(text.split(','))
  )

const activation: Reader<RunSettings['activation']> = (option, text) => {
  const names = `one of ${Object.keys(activations).join(', ')}`
  const steepest = tooSteep[text.toLowerCase()]
  return E.orElse(
    (): E.Either<Failure, RunSettings['activation']> =>
      steepest === undefined
        ? wrong(option, text, names)
        : wrong(
            option,
            text,
            `an activation whose slope is at most 1 (its own reaches ${steepest.toFixed(4)}), ${names},`
          )
  )(parseActivation(text))
}

const readers = {
  model: oneOf(...blockNames),
  blocks: whole(1),
  hidden: widths,
  activation,
  coefficient,
  batch: whole(1),
  steps: whole(1),
  minutes: positive,
  logDet: oneOf('exact', 'roulette'),
  optimiser: oneOf('muon', 'adamw'),
  learningRate: positive,
  weightDecay: notNegative,
  seed: whole(0),
  backend: oneOf('onnx', 'reference', 'gpu'),
  gpuMode: oneOf('webgpu', 'webasm', 'cpu'),
  precision: oneOf('float32', 'float64')
}

/** Settings that were asked for. */
export type Asked = Partial<Pick<RunSettings, TypedSetting>>

/** Reads options; the first wrong one is told, with what would be right. */
export const parseSettings = (typed: Typed): E.Either<Failure, Asked> => {
  if (typed.steps !== undefined && typed.minutes !== undefined)
    return E.left(misused('--steps and --minutes are both given, where one of them should be.'))
  const given = Object.entries(readers).flatMap(([name, reader]) => {
    const text = typed[name as TypedSetting]
    const option = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
    return text === undefined
      ? []
      : [E.map((value: unknown) => [name, value] as const)((reader as Reader<unknown>)(option, text))]
  })
  return E.map((pairs: readonly (readonly [string, unknown])[]) => Object.fromEntries(pairs) as Asked)(
    E.sequenceArray(given)
  )
}

/** What applies where nothing is asked for. */
const defaults = {
  model: 'impflow',
  blocks: 4,
  hidden: [128, 128],
  activation: 'sine',
  coefficient: 0.99,
  batch: 500,
  steps: 3000,
  seed: 0,
  logDet: 'exact'
} as const

/** From so many steps or minutes on, a run is long. */
const longRun = { steps: 5000, minutes: 5 } as const

/** Learning rates: long runs end lower from smaller steps. Last layers begin near 0, where steps are relatively large. */
const ratesOf = (asked: Asked, { steps, minutes }: Pick<RunSettings, 'steps' | 'minutes'>) => {
  const long = (steps ?? 0) >= longRun.steps || (minutes ?? 0) >= longRun.minutes
  const learningRate = asked.learningRate ?? (long ? 5e-3 : 1e-2)
  return { learningRate, lastLayerRate: Math.min(1, 2e-3 / learningRate) }
}

/** Steps of warm-up: 200, or a twentieth of a short run. */
const warmupOf = (steps: number | null): number => (steps === null ? 200 : Math.min(200, Math.ceil(steps / 20)))

/** The settings of a new run, what computes apart. */
export const settingsOf = (asked: Asked): Omit<RunSettings, 'backend' | 'gpuMode' | 'precision'> => {
  const minutes = asked.minutes ?? null
  const steps = asked.steps ?? (minutes === null ? defaults.steps : null)
  const common = { ...defaults, ...defaultOptimiser, ...asked, ...ratesOf(asked, { steps, minutes }) }
  return { ...common, hidden: [...common.hidden], steps, minutes, warmup: warmupOf(steps), average: 0.999 }
}
