import { PNG } from 'pngjs'
import { type ColourMap, colourAt } from './colourMap.js'

/** Values in [0, 1] on a lattice, row-major [rows columns], row 0 at the bottom, as in a plot. */
export interface Raster {
  readonly rows: number
  readonly columns: number
  readonly values: ArrayLike<number>
}

/**
 * The raster as a PNG data URI. Every value becomes a block of equal pixels, at least `least` px in all, so that no
 * viewer blurs a coarse histogram when it enlarges the image.
 */
export const rasterUri =
  (map: ColourMap, least = 800) =>
  ({ rows, columns, values }: Raster): string => {
    const enlarge = Math.max(1, Math.ceil(least / Math.max(rows, columns)))
    const png = new PNG({ width: columns * enlarge, height: rows * enlarge, colorType: 2 })
    const colour = colourAt(map)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const [red, green, blue] = colour(values[row * columns + column] ?? 0)
        for (let dy = 0; dy < enlarge; dy++)
          for (let dx = 0; dx < enlarge; dx++)
            png.data.set(
              [red, green, blue, 255],
              4 * (((rows - 1 - row) * enlarge + dy) * png.width + column * enlarge + dx)
            )
      }
    return `data:image/png;base64,${PNG.sync.write(png, { colorType: 2 }).toString('base64')}`
  }
