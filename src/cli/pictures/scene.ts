import { taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import { compileDensity, compileSampler, type EvaluateError } from '../../distribution/evaluate.js'
import type { Densities, Model } from '../../distribution/model.js'
import type { Backend } from '../../interpret/backend.js'
import type { Picture } from '../../plot/drawing/picture.js'
import type { PlotError } from '../../plot/plotError.js'
import { foldIn, fromSeed } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import type { Dataset } from '../../train/dataset.js'
import type { Metric } from '../../train/runFolder/metrics.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'

/** What the pictures of a run are made from. */
export interface Scene {
  /** As in titles: the data set's name. */
  readonly name: string
  readonly dataset: Dataset
  readonly model: Model
  readonly metrics: readonly Metric[]
  /** The final number, if it is known. */
  readonly testBits: number | null
  /** Points of the data, in the data's units. */
  readonly points: Points
  readonly density: (points: Points) => TE.TaskEither<EvaluateError, Densities>
  /** Points of the model, in the data's units. */
  readonly sample: (count: number) => TE.TaskEither<EvaluateError, Points>
  /** Cells along a side of a density picture. */
  readonly resolution: number
}

/** A picture and the name of its files, without an extension. */
export interface NamedPicture {
  readonly name: string
  readonly picture: Picture
}

/** Standard normal noise: rows depend on the seed and their index only. */
export const noiseOf = (seed: number, rows: number, columns: number): Points => ({
  rows,
  columns,
  values: normal(foldIn(fromSeed(seed), 6))(rows * columns)
})

/** The scene of a model: its programs compiled. */
export const sceneOf = (
  backend: Backend,
  threads: number,
  given: Pick<Scene, 'name' | 'dataset' | 'model' | 'metrics' | 'testBits'>
): TE.TaskEither<EvaluateError, Scene> =>
  TE.flatMap(compileDensity(backend, given.model, { threads, errorEstimates: false }), density =>
    TE.map(
      (sampler: (noise: Points) => TE.TaskEither<EvaluateError, Points>): Scene => ({
        ...given,
        points: given.dataset.shown(),
        density,
        sample: count => sampler(noiseOf(0, count, given.dataset.dimension)),
        resolution: backend.name === 'onnx' ? 160 : 64
      })
    )(compileSampler(backend, given.model, { threads }))
  )

/** One sentence on why a picture was not drawn. */
export const pictureErrorMessage = (error: PlotError | EvaluateError): string => {
  if ('tag' in error) return evaluateErrorMessage(error)
  switch (error._tag) {
    case 'NothingToPlot':
      return `there is nothing to draw for ${error.what}.`
    case 'NotFinite':
      return `${error.what}: number ${error.index} is ${error.value}.`
    case 'RenderFailed':
      return `drawing failed (${error.message}).`
  }
}
