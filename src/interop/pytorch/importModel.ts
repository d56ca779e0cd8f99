import { either as E } from 'fp-ts'
import type { Model } from '../../distribution/model.js'
import type { Architecture } from '../../flow/architecture.js'
import { boundsAsGiven } from '../../flow/certify.js'
import { layoutOf, type Segment } from '../../flow/layout.js'
import { type ActivationName, activations } from '../../net/activations.js'
import { chainOf, type StoredLayer, type StoredModule, type StoredNet } from './chain.js'
import { badCheckpoint, type Checkpoint, type ImportError } from './checkpoint.js'
import { effectiveWeight, type Pair, type Refresh, refreshed } from './sigma.js'

/** What to make of a checkpoint; null where the checkpoint itself is to say it. */
export interface ImportOptions {
  /** The averaged weights in place of the last ones. */
  readonly ema: boolean
  readonly activation: ActivationName | null
  readonly coefficient: number | null
}

/** A model of a checkpoint, and what was found. */
export interface Imported {
  /** Weights as given. */
  readonly model: Model
  readonly weights: 'state_dict' | 'ema'
  /** The script's word for its data; null where the file does not say. */
  readonly dataset: string | null
  /** The largest certified Lipschitz bound of any net; where it is not below 1, nothing proves that the flow is invertible. */
  readonly lipschitzBound: number
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

const activationOf = (
  options: Checkpoint['options'],
  learnable: boolean,
  asked: ActivationName | null
): Either<ActivationName> => {
  const act = options.get('act')
  const known = typeof act === 'string' && Object.hasOwn(activationNames, act) ? activationNames[act] : undefined
  if (act != null && known === undefined)
    return E.left(`its activation is ${String(act)}, where ${Object.keys(activationNames).join(', ')} are known`)
  const name = known ?? asked ?? (learnable ? 'lipSwish' : null)
  if (name === null) return E.left('it does not say its activation: name it by --activation')
  if (asked !== null && asked !== name) return E.left(`its activation is ${name}, not ${asked}`)
  return activations[name].learnable === learnable
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

const architectureOf = (
  modules: readonly StoredModule[],
  options: Checkpoint['options'],
  asked: ImportOptions
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
    const learnable = nets.every(({ betas }) => betas.length > 0) && widths.length > 2
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

/** How the script would renew the vectors of other weights. */
const refreshOf = (options: Checkpoint['options']): Either<Refresh> => {
  const steps = options.get('n_lipschitz_iters')
  const tolerance = options.get('sn_tol') ?? options.get('atol')
  if (typeof steps === 'number' && Number.isInteger(steps) && steps > 0)
    return E.right({ steps: Math.min(steps, 10_000) })
  return typeof tolerance === 'number' && tolerance > 0
    ? E.right({ tolerance })
    : E.left('it does not say how its averaged weights are to be normalised (n_lipschitz_iters or sn_tol)')
}

/** Names without the prefix that running on several devices puts before them: averages may lack it where states have it. */
const bare = <A>(named: ReadonlyMap<string, A>): ReadonlyMap<string, A> =>
  new Map([...named].map(([name, value]) => [name.replace(/^(module\.)+/, ''), value] as const))

/** The state with averaged parameters in the place of the last ones. */
const averagedState = ({ state, average }: Checkpoint): Either<Checkpoint['state']> => {
  if (average === undefined) return E.left('it holds no averaged weights (no ema with shadow_params): leave --ema out')
  const [last, averaged] = [bare(state), bare(average)]
  const stranger = [...averaged].find(([name, { shape }]) => last.get(name)?.shape.join() !== shape.join())
  return stranger === undefined
    ? E.right(new Map([...last, ...averaged]))
    : E.left(`averaged tensor ${stranger[0]} has no tensor of its shape in state_dict`)
}

/** The numbers of a segment of the layout. */
const numbersOf = (
  { kind, net, layer }: Segment,
  modules: readonly StoredModule[],
  weightOf: (layer: StoredLayer) => Float64Array
): ArrayLike<number> => {
  if (kind === 'shift' || kind === 'logScale')
    return modules.flatMap(module => (module.kind === 'actNorm' ? [module[kind]] : []))[net]?.values ?? []
  const found = modules.flatMap(module => (module.kind === 'actNorm' ? [] : [...module.nets]))[net]
  const stored = found?.layers[layer]
  if (kind === 'beta') return found?.betas[layer]?.values ?? []
  return stored === undefined ? [] : kind === 'weight' ? weightOf(stored) : stored.bias.values
}

/**
 * The model of a checkpoint. Weights are used as given: W / max(1, (u . W v) / coefficient) from the stored W, u and v, in
 * float64, whatever the certified bound says.
 * @param file the name to use in errors
 * failure  a layout, activation or norm that is not known here
 */
export const importModel = (
  file: string,
  checkpoint: Checkpoint,
  asked: ImportOptions
): E.Either<ImportError, Imported> => {
  const { options } = checkpoint
  const state = asked.ema ? averagedState(checkpoint) : E.right(checkpoint.state)
  const vectors: Either<(layer: StoredLayer) => Pair> = asked.ema
    ? E.map((refresh: Refresh) => (layer: StoredLayer) => refreshed(layer, refresh))(refreshOf(options))
    : E.right(({ u, v }: StoredLayer) => ({ u: u.values, v: v.values }))
  const imported = E.flatMap(E.flatMap(state, chainOf), modules =>
    E.flatMap(architectureOf(modules, options, asked), architecture =>
      E.map((vectorsOf: (layer: StoredLayer) => Pair): Imported => {
        const { segments, size } = layoutOf(architecture)
        const given = new Float64Array(size)
        const weightOf = (layer: StoredLayer) => effectiveWeight(layer, vectorsOf(layer), architecture.coefficient)
        for (const segment of segments) given.set(numbersOf(segment, modules, weightOf), segment.offset)
        const { effective, norms, lipschitzBound } = boundsAsGiven(architecture, given)
        const data = options.get('data')
        return {
          model: { architecture, effective, norms, standardisation: null, asGiven: true },
          weights: asked.ema ? 'ema' : 'state_dict',
          dataset: typeof data === 'string' ? data : null,
          lipschitzBound
        }
      })(vectors)
    )
  )
  return E.mapLeft(badCheckpoint(file))(imported)
}
