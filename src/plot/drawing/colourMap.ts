/** A colour as red, green, blue, each 0 to 255. */
export type Rgb = readonly [number, number, number]

/** A map from [0, 1] to colours, given by equally spaced anchors, linear in between. */
export type ColourMap = readonly [Rgb, Rgb, ...Rgb[]]

/** Perceptually uniform and colour-blind safe. Source: van der Walt and Smith 2015, eleven anchors. */
export const viridis: ColourMap = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37]
]

/** White to the slate of the data. */
export const slates: ColourMap = [
  [255, 255, 255],
  [196, 203, 213],
  [121, 134, 152],
  [61, 74, 92],
  [24, 31, 41]
]

/** White to the vermillion of the model. */
export const vermillions: ColourMap = [
  [255, 255, 255],
  [253, 208, 162],
  [241, 134, 62],
  [213, 94, 0],
  [112, 44, 0]
]

/** Dark to light blue and dark to light red-orange: the two families of lines of a warped grid. */
export const blues: ColourMap = [
  [8, 48, 107],
  [33, 113, 181],
  [86, 180, 233]
]
export const oranges: ColourMap = [
  [127, 39, 4],
  [213, 94, 0],
  [245, 176, 65]
]

/** The colour at t, clamped to [0, 1]; NaN gives the first colour. */
export const colourAt = (map: ColourMap) => {
  const last = map.length - 1
  return (t: number): Rgb => {
    const place = (t > 0 ? Math.min(t, 1) : 0) * last
    const i = Math.min(Math.floor(place), last - 1)
    const [from, to] = [map[i] ?? map[0], map[i + 1] ?? map[1]]
    const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (place - i) * (to[channel] - from[channel]))
    return [mix(0), mix(1), mix(2)]
  }
}

/** The colour as CSS writes it. @example css([255, 0, 16]) // => '#ff0010' */
export const css = (colour: Rgb): string => `#${colour.map(c => c.toString(16).padStart(2, '0')).join('')}`
