import type { Config } from 'vega-lite'

/** The one typeface: Inter (SIL Open Font Licence), shipped by @expo-google-fonts/inter; see `fonts.ts`. */
const fontFamily = 'Inter, Helvetica, Arial, sans-serif'

/** Neutral colours, dark to light. */
export const ink = '#1c2024'
export const muted = '#5f6b76'
export const line = '#b9c0c7'
const faint = '#eceef1'
export const paper = '#ffffff'

/** Data are slate and the model is vermillion, in every chart. */
export const dataColour = '#3d4a5c'
export const modelColour = '#d55e00'

/** Colour-blind-safe series colours. Source: Okabe and Ito 2008, reordered so that neighbours differ in lightness. */
const seriesColours = [modelColour, '#0072b2', '#56b4e9', '#009e73', '#cc79a7', '#e69f00'] as const

/** Dashes that tell the series apart in black and white; the first series is solid. Lengths in px. */
const seriesDashes = [[], [8, 4], [2, 3], [8, 3, 2, 3], [5, 2], [12, 4]] as const

/** The i-th series colour, going round. */
export const seriesColour = (i: number): string => seriesColours[i % seriesColours.length] ?? modelColour

/** The i-th series dash, going round. */
export const seriesDash = (i: number): number[] => [...(seriesDashes[i % seriesDashes.length] ?? [])]

/** Font sizes in px; pictures are 800 to 1000 px wide, so that a slide at full width shows labels of 14 pt and more. */
export const sizes = { title: 17, panelTitle: 15, caption: 13, axisTitle: 14, label: 13 } as const

export const themeConfig: Config = {
  aria: false,
  background: paper,
  padding: 16,
  font: fontFamily,
  view: { stroke: null },
  axis: {
    domain: false,
    grid: false,
    gridColor: faint,
    tickColor: line,
    tickSize: 5,
    labelFlush: false,
    labelColor: ink,
    labelFontSize: sizes.label,
    labelPadding: 4,
    titleColor: ink,
    titleFontSize: sizes.axisTitle,
    titleFontWeight: 'normal',
    titlePadding: 8
  },
  axisY: { minExtent: 34 },
  title: {
    anchor: 'start',
    frame: 'group',
    color: ink,
    fontSize: sizes.title,
    fontWeight: 600,
    offset: 12,
    subtitleColor: muted,
    subtitleFontSize: sizes.caption,
    subtitlePadding: 6
  },
  line: { strokeCap: 'round', strokeJoin: 'round' }
}
