import { either as E } from 'fp-ts'
import type { Architecture } from '../../flow/architecture.js'
import { type ActivationName, activations } from '../../net/activations.js'
import type { StoredModule, StoredNet } from './chain.js'
import type { Checkpoint } from './checkpoint.js'

/** What a checkpoint may leave open; null where it is to say it itself. */
export interface Asked {
  readonly activation: ActivationName | null
  readonly coefficient: number | null
}

/** The scripts' names of activations. */
const activationNames: Readonly<Record<string, ActivationName>> = {
  sin: 'sine',
  swish: 'lipSwish',
  elu: 'elu',
  tanh: 'tanh',
  lcube: 'lipschitzCube',
  softplus: 'softplus',
  identity: 'identity'
}

type Nets = readonly StoredNet[]
type Either<A> = E.Either<string, A>

/** The activation: as the options say it, or as asked for; nets with parameters beta have the one that has some. */
const activationOf = (
  options: Checkpoint['options'],
  learnable: boolean | null,
  asked: ActivationName | null
): Either<ActivationName> => {
  const act = options.get('act')
  const known = typeof act === 'string' && Object.hasOwn(activationNames, act) ? activationNames[act] : undefined
  if (act != null && known === undefined)
    return E.left(`its activation is ${String(act)}, where ${Object.keys(activationNames).join(', ')} are known`)
  const name = known ?? asked ?? (learnable === true ? 'lipSwish' : null)
  if (name === null) return E.left('it does not say its activation: name it by --activation')
  if (asked !== null && asked !== name) return E.left(`its activation is ${name}, not ${asked}`)
  return learnable === null || activations[name].learnable === learnable
    ? E.right(name)
    : E.left(`its activation is ${name}, but its nets have ${learnable ? 'parameters beta' : 'no parameters beta'}`)
}

const coefficientOf = (options: Checkpoint['options'], asked: number | null): Either<number> => {
  const stored = options.get('coeff')
  const coefficient = typeof stored === 'number' ? stored : asked
  if (coefficient === null) return E.left('it does not say its coefficient of normalisation: name it by --coefficient')
  if (asked !== null && asked !== coefficient) return E.left(`its coefficient is ${coefficient}, not ${asked}`)
  return coefficient > 0 && coefficient < 1
    ? E.right(coefficient)
    : E.left(`its coefficient is ${coefficient}, where a number above 0 and below 1 should be`)
}

const widthsOf = ({ layers }: StoredNet): readonly number[] => [
  ...layers.slice(0, 1).map(({ weight }) => weight.shape[1] as number),
  ...layers.map(({ weight }) => weight.shape[0] as number)
]

/** The one shape of all nets. */
const shapeOf = (nets: Nets): Either<{ readonly widths: readonly number[]; readonly leading: boolean }> => {
  const [first] = nets
  if (first === undefined) return E.left('it has no block')
  const widths = widthsOf(first)
  const broken = nets.flatMap(({ layers }) =>
    layers.slice(1).filter((layer, i) => layer.weight.shape[1] !== layers[i]?.weight.shape[0])
  )
  if (broken[0] !== undefined) return E.left(`tensor ${broken[0].name}.weight does not fit the layer before it`)
  const other = nets.find(net => widthsOf(net).join() !== widths.join() || net.leading !== first.leading)
  if (other !== undefined)
    return E.left(`its nets differ: ${widths.join('-')} and ${widthsOf(other).join('-')} (${other.layers[0]?.name})`)
  return widths[0] === widths.at(-1)
    ? E.right({ widths, leading: first.leading })
    : E.left(`its nets map ${widths[0]} coordinates to ${widths.at(-1)}`)
}

/**
 * The architecture of a chain: what its tensors show, and what the options say where they do not.
 * @returns Left for nets of unlike shapes, unknown activations, and what contradicts the checkpoint
 */
export const architectureOf = (
  modules: readonly StoredModule[],
  options: Checkpoint['options'],
  asked: Asked
): Either<Architecture> => {
  const blocks = modules.flatMap(module => (module.kind === 'actNorm' ? [] : [module]))
  const nets: Nets = blocks.flatMap(block => block.nets as Nets)
  const [first] = blocks
  if (first === undefined) return E.left('it has no block')
  if (blocks.some(({ kind }) => kind !== first.kind)) return E.left('it has blocks of both kinds in one chain')
  return E.flatMap(shapeOf(nets), ({ widths, leading }) => {
    const dimension = widths[0] as number
    const odd = modules.find(module => module.kind === 'actNorm' && module.shift.shape[0] !== dimension)
    if (odd !== undefined) return E.left(`it has an ActNorm that does not have ${dimension} coordinates`)
    const learnables = new Set(nets.map(({ betas }) => betas.length > 0))
    if (learnables.size > 1) return E.left('some of its nets have parameters beta, others have none')
    const learnable = widths.length === 2 && !leading ? null : learnables.has(true)
    return E.flatMap(activationOf(options, learnable, asked.activation), activation =>
      E.map((coefficient: number): Architecture => {
        const actNorms = modules.flatMap((module, i) =>
          module.kind === 'actNorm' ? [modules.slice(0, i).filter(({ kind }) => kind !== 'actNorm').length] : []
        )
        const common = { dimension, blocks: blocks.length, hidden: widths.slice(1, -1), activation, coefficient }
        return {
          model: first.kind,
          ...common,
          ...(leading ? { leading } : {}),
          ...(actNorms.length > 0 ? { actNorms } : {})
        }
      })(coefficientOf(options, asked.coefficient))
    )
  })
}
