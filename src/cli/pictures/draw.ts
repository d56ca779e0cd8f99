import { function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import type { EvaluateError } from '../../distribution/evaluate.js'
import { density1d } from '../../plot/density1d.js'
import { learningCurve } from '../../plot/learningCurve.js'
import { padded, robustExtent } from '../../plot/numbers/interval.js'
import { pairPlot } from '../../plot/pairPlot.js'
import type { PlotError } from '../../plot/plotError.js'
import { samplesPlot } from '../../plot/samplesPlot.js'
import { entropyBits } from '../../train/dataset.js'
import { planeDensity, planeMap, planeSamples } from './plane.js'
import type { NamedPicture, Scene } from './scene.js'
import { modelName, modelTitle } from './titles.js'

type Drawing = TE.TaskEither<PlotError | EvaluateError, NamedPicture>

/** Training and validation bits against the step. */
const curvePicture = ({ name, dataset, metrics, ...scene }: Scene): Drawing => {
  const steps = metrics.map(({ step }) => step)
  return F.pipe(
    learningCurve({
      title: `${modelName(scene)} on ${name}`,
      training: { steps, bits: metrics.map(({ trainBits }) => trainBits) },
      validation: { steps, bits: metrics.map(({ validBits }) => validBits) },
      entropy: entropyBits(dataset),
      minutes: (metrics.at(-1)?.elapsedSeconds ?? 0) / 60
    }),
    TE.map(picture => ({ name: 'learning-curve', picture }))
  )
}

const segment = ({ points }: Scene, count: number): Points => {
  const [low, high] = padded(0.08)(robustExtent(0.001)(points.values))
  const values = Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))
  return { rows: count, columns: 1, values }
}

/** Data and model density on the line. */
const lineDensity = (scene: Scene): Drawing => {
  const x = segment(scene, 600)
  return F.pipe(
    scene.density(x),
    TE.flatMap(({ logDensity }) =>
      density1d({
        title: scene.name,
        samples: [{ label: 'data', values: scene.points.values }],
        models: [{ label: modelTitle(scene), x: x.values, density: logDensity.map(Math.exp) }]
      })
    ),
    TE.map(picture => ({ name: 'density', picture }))
  )
}

const lineSamples = (scene: Scene): Drawing =>
  F.pipe(
    scene.sample(10_000),
    TE.flatMap(samples =>
      samplesPlot({ title: scene.name, data: scene.points, samples, samplesTitle: modelName(scene) })
    ),
    TE.map(picture => ({ name: 'samples', picture }))
  )

/** Data against model in pairs of columns. */
const pairs = (scene: Scene): Drawing =>
  F.pipe(
    scene.sample(Math.min(10_000, Math.max(2000, scene.points.rows))),
    TE.flatMap(samples => pairPlot({ title: `${modelName(scene)} on ${scene.name}`, data: scene.points, samples })),
    TE.map(picture => ({ name: 'pairs', picture }))
  )

const drawingsOf = (scene: Scene): readonly ((scene: Scene) => Drawing)[] => {
  const curve = scene.metrics.length === 0 ? [] : [curvePicture]
  if (scene.dataset.dimension === 1) return [lineDensity, lineSamples, ...curve]
  if (scene.dataset.dimension === 2) return [planeDensity, planeSamples, planeMap, ...curve]
  return [pairs, ...curve]
}

/**
 * All pictures of a run: in one dimension densities and histograms; in two, densities, samples and the map as a warped
 * grid; in more, pairs of columns; and always the learning curve.
 */
export const drawScene = (scene: Scene): TE.TaskEither<PlotError | EvaluateError, readonly NamedPicture[]> =>
  TE.sequenceSeqArray(drawingsOf(scene).map(drawing => drawing(scene)))
