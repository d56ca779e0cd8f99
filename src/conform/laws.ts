import type { Law } from './law.js'
import { answerLaws } from './laws/answers.js'
import { bijectionLaws } from './laws/bijection.js'
import { blockLaws } from './laws/block.js'
import { densityLaws } from './laws/density.js'
import { derivativeLaws } from './laws/derivative.js'
import { goldenLaws } from './laws/golden.js'

/** The laws that the kit runs, in the order of its report. */
export const laws: readonly Law[] = [
  ...bijectionLaws,
  ...densityLaws,
  ...derivativeLaws,
  ...blockLaws,
  ...answerLaws,
  ...goldenLaws
]
