import { blockKinds } from '../../flow/blockKinds.js'
import { entropyBits } from '../../train/dataset.js'
import type { Scene } from './scene.js'

/** As in titles, say ImpFlow. */
export const modelName = ({ model }: Pick<Scene, 'model'>): string => blockKinds[model.architecture.model].title

/** The model and its final number: "ImpFlow, 5.062 bits". */
export const modelTitle = (scene: Scene): string =>
  scene.testBits === null ? modelName(scene) : `${modelName(scene)}, ${scene.testBits.toFixed(3)} bits`

/** The data and its entropy: "checkerboard, entropy 5.000 bits". */
export const dataTitle = ({ name, dataset }: Scene): string => {
  const entropy = entropyBits(dataset)
  return entropy === null ? name : `${name}, entropy ${entropy.toFixed(3)} bits`
}
