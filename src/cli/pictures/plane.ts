import { function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import type { EvaluateError } from '../../distribution/evaluate.js'
import { densityPair } from '../../plot/densityPair.js'
import { cellCentres, type DensityGrid, type Grid, histogramDensity } from '../../plot/numbers/densityGrid.js'
import { squareAround } from '../../plot/numbers/frame.js'
import { type GridLine, regularGrid } from '../../plot/numbers/gridLine.js'
import type { PlotError } from '../../plot/plotError.js'
import { samplesPlot } from '../../plot/samplesPlot.js'
import { warpedGrid } from '../../plot/warpedGrid.js'
import type { NamedPicture, Scene } from './scene.js'
import { dataTitle, modelName, modelTitle } from './titles.js'

type Drawing = TE.TaskEither<PlotError | EvaluateError, NamedPicture>

const frameOf = ({ points }: Scene, n: number): Grid => {
  const [x, y] = squareAround([points])
  return { x, y, columns: n, rows: n }
}

/** Every cell cut into k x k cells of the same density. */
const refined = ({ grid, logDensity }: DensityGrid, k: number): DensityGrid => {
  const [columns, rows] = [grid.columns * k, grid.rows * k]
  const fine = Float64Array.from({ length: columns * rows }, (_, i) => {
    const [row, column] = [Math.floor(i / columns / k), Math.floor((i % columns) / k)]
    return logDensity[row * grid.columns + column] as number
  })
  return { grid: { ...grid, columns, rows }, logDensity: fine }
}

/** The data's density on a grid: exact where it is known, else a histogram with enough points a cell. */
const dataDensity = (scene: Scene): DensityGrid => {
  const exact = scene.dataset.density?.logDensity
  if (exact != null) {
    const grid = frameOf(scene, scene.resolution)
    const centres = cellCentres(grid)
    return {
      grid,
      logDensity: Float64Array.from({ length: centres.rows }, (_, i) =>
        exact(centres.values.subarray(2 * i, 2 * i + 2))
      )
    }
  }
  const bins = Math.max(12, Math.min(scene.resolution, Math.round(Math.sqrt(scene.points.rows / 6))))
  return refined(histogramDensity(frameOf(scene, bins))(scene.points), Math.max(1, Math.round(scene.resolution / bins)))
}

/** Data density beside model density. */
export const planeDensity = (scene: Scene): Drawing => {
  const data = dataDensity(scene)
  return F.pipe(
    scene.density(cellCentres(data.grid)),
    TE.flatMap(({ logDensity }) =>
      densityPair({
        data: { title: dataTitle(scene), density: data },
        model: { title: modelTitle(scene), density: { grid: data.grid, logDensity } }
      })
    ),
    TE.map(picture => ({ name: 'density', picture }))
  )
}

/** Model samples beside data. */
export const planeSamples = (scene: Scene): Drawing =>
  F.pipe(
    scene.sample(4000),
    TE.flatMap(samples =>
      samplesPlot({ title: scene.name, data: scene.points, samples, samplesTitle: modelName(scene) })
    ),
    TE.map(picture => ({ name: 'samples', picture }))
  )

/** All lines as one table, so that they are mapped at once. */
const joined = (lines: readonly GridLine[]): Points => ({
  rows: lines.reduce((sum, { points }) => sum + points.rows, 0),
  columns: 2,
  values: Float64Array.from(lines.flatMap(({ points }) => Array.from(points.values)))
})

const separated = (lines: readonly GridLine[], values: Float64Array): readonly GridLine[] => {
  let at = 0
  return lines.map(line => {
    const from = at
    at += line.points.values.length
    return { ...line, points: { ...line.points, values: values.subarray(from, at) } }
  })
}

/** The map from data to noise as what it does to a grid. */
export const planeMap = (scene: Scene): Drawing => {
  const { x, y } = frameOf(scene, 1)
  const lines = regularGrid(x, y, 21, 120)
  return F.pipe(
    scene.density(joined(lines)),
    TE.flatMap(({ latents }) =>
      warpedGrid({
        title: `${modelName(scene)} on ${scene.name}`,
        subtitle: 'what the map from data to noise does to a square grid',
        before: { title: 'data space', lines },
        after: { title: 'noise', lines: separated(lines, latents), axisTitles: ['z₁', 'z₂'] }
      })
    ),
    TE.map(picture => ({ name: 'map', picture }))
  )
}
