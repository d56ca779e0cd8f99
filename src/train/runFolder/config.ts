import { either as E } from 'fp-ts'
import * as t from 'io-ts'
import type { Architecture } from '../../flow/architecture.js'
import type { FitSettings } from '../fit.js'
import { architectureFields, nullable, positive, positiveWhole } from './architectureCodec.js'
import { parseJson } from './parseJson.js'
import type { RunFolderError } from './runFolderError.js'

const settingsCodec = t.type({
  ...architectureFields,
  batch: positiveWhole,
  steps: nullable(positiveWhole),
  minutes: nullable(positive),
  learningRate: t.number,
  warmup: t.number,
  average: t.number,
  logDet: t.keyof({ exact: null, roulette: null }),
  optimiser: t.keyof({ muon: null, adamw: null }),
  beta1: t.number,
  beta2: t.number,
  epsilon: t.number,
  weightDecay: t.number,
  clip: t.number,
  lastLayerRate: t.number,
  powerSteps: t.number,
  boundEvery: positiveWhole,
  seed: t.number,
  backend: t.keyof({ onnx: null, reference: null, gpu: null }),
  /** Where gpu.js ran; null for other backends. */
  gpuMode: nullable(t.keyof({ cpu: null, webasm: null, webgpu: null, webgl2: null })),
  precision: t.keyof({ float32: null, float64: null })
})

const configCodec = t.type({
  format: t.literal('impflow-run-v1'),
  dataset: t.type({
    name: t.string,
    /** Where the points were read from; null for a generator. */
    path: nullable(t.string),
    /** SHA-256 of the points; null for a generator. */
    hash: nullable(t.string),
    dimension: positiveWhole
  }),
  settings: settingsCodec,
  threads: positiveWhole,
  versions: t.type({ impflow: t.string, node: t.string, onnxruntime: nullable(t.string) })
})

/** What determines a run, data apart. Exactly one of steps and minutes is a number. */
export type RunSettings = Readonly<t.TypeOf<typeof settingsCodec>>

/** What a run folder says about its run: `config.json`. */
export type RunConfig = Readonly<t.TypeOf<typeof configCodec>>

export const toConfigText = (config: RunConfig): string => `${JSON.stringify(config, null, 2)}\n`

/** Reads `config.json`; `file` is the name to use in errors. */
export const parseConfig = (file: string): ((text: string) => E.Either<RunFolderError, RunConfig>) =>
  parseJson(file, configCodec)

/** The flow of a run. */
export const architectureOf = ({ dataset, settings }: Pick<RunConfig, 'dataset' | 'settings'>): Architecture => {
  const { model, blocks, hidden, activation, coefficient } = settings
  return { model, dimension: dataset.dimension, blocks, hidden, activation, coefficient }
}

/** What `fit` is told of a run. */
export const fitSettingsOf = (config: Pick<RunConfig, 'dataset' | 'settings'>): FitSettings => {
  const { learningRate, warmup, average, seed, logDet, ...rest } = config.settings
  const { optimiser, beta1, beta2, epsilon, weightDecay, clip, lastLayerRate, powerSteps, boundEvery } = rest
  return {
    architecture: architectureOf(config),
    optimiser: { optimiser, beta1, beta2, epsilon, weightDecay, clip, lastLayerRate, powerSteps, boundEvery },
    schedule: { learningRate, warmup },
    average,
    seed,
    logDet
  }
}

/** The option of a setting on the command line. */
const optionOf = (setting: string): string => `--${setting.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

const shown = (value: unknown): string => (value === null ? 'none' : String(value))

/**
 * Checks that settings asked for on resuming are those of the run.
 * @param asked only what was really asked for
 */
export const unchanged = (
  path: string,
  { settings, dataset }: RunConfig,
  asked: Partial<RunSettings>,
  data: { readonly name: string; readonly hash: string | null }
): E.Either<RunFolderError, null> => {
  const changes = Object.entries(asked).flatMap(([name, now]) => {
    const was = settings[name as keyof RunSettings]
    return shown(was) === shown(now) ? [] : [{ setting: optionOf(name), was: shown(was), now: shown(now) }]
  })
  const names = dataset.name === data.name ? [] : [{ setting: 'data set', was: dataset.name, now: data.name }]
  const hashes =
    names.length > 0 || dataset.hash === data.hash
      ? []
      : [{ setting: `points of ${data.name}`, was: shown(dataset.hash), now: shown(data.hash) }]
  const all = [...names, ...hashes, ...changes]
  return all.length === 0 ? E.right(null) : E.left({ _tag: 'Changed', path, changes: all })
}
