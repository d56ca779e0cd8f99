import { fromSeed } from '../random/key.js'
import { uniform } from '../random/uniform.js'
import type { Points } from './points.js'

/** A table of real data that comes with the package. */
export interface Table {
  readonly name: string
  readonly description: string
  readonly dimension: number
  readonly rows: number
  /** Its name in the package's folder `data`, whose README has the sources and licences. */
  readonly file: string
  /** What a number of the file is a multiple of, where numbers are whole; null where they are as measured. */
  readonly step: number | null
}

/** Every table of the package. */
export const tables: readonly Table[] = [
  {
    name: 'digits',
    description: 'handwritten digits of 8 x 8 grey pixels, dequantised',
    dimension: 64,
    rows: 1797,
    file: 'digits.csv.gz',
    step: 1
  },
  {
    name: 'breast-cancer',
    description: 'measurements of cell nuclei',
    dimension: 30,
    rows: 569,
    file: 'breast-cancer.csv.gz',
    step: null
  },
  {
    name: 'patches63',
    description: '8 x 8 grey patches of two photographs, as BSDS300 is made',
    dimension: 63,
    rows: 6000,
    file: 'patches63.npy.gz',
    step: 2 ** -15
  }
]

/**
 * The points of a table from the numbers of its file: whole numbers k become uniform on [k, k + 1) times the step, drawn from
 * a fixed key, as a continuous density of whole numbers has no bound.
 * Source: Uria, Murray and Larochelle 2013, section 4, for uniform dequantisation.
 */
export const pointsOf = ({ step }: Pick<Table, 'step'>, points: Points): Points => {
  if (step === null) return points
  const noise = uniform(fromSeed(0))(points.values.length)
  return { ...points, values: points.values.map((k, i) => step * (k + (noise[i] as number))) }
}
