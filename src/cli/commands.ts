import { backends } from './commands/backends.js'
import { check } from './commands/check.js'
import { datasets } from './commands/datasets.js'
import { density, latent } from './commands/density.js'
import { estimate } from './commands/estimate.js'
import { exportModel } from './commands/exportModel.js'
import { importCheckpoint } from './commands/importCheckpoint.js'
import { plot } from './commands/plot.js'
import { sample } from './commands/sample.js'
import { train } from './commands/train.js'

/** The commands of `impflow` as functions of the world that they work in. */
export const commands = {
  train,
  density,
  estimate,
  latent,
  sample,
  check,
  plot,
  importCheckpoint,
  exportModel,
  datasets,
  backends
} as const
