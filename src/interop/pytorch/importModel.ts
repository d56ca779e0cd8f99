import { either as E } from 'fp-ts'
import type { Model } from '../../distribution/model.js'
import { boundsAsGiven } from '../../flow/certify.js'
import { layoutOf, type Segment } from '../../flow/layout.js'
import { type Asked, architectureOf } from './architectureOf.js'
import { chainOf, type StoredLayer, type StoredModule } from './chain.js'
import { badCheckpoint, type Checkpoint, type ImportError } from './checkpoint.js'
import { effectiveWeight, type Pair, type Refresh, refreshed } from './sigma.js'

/** What to make of a checkpoint; null where the checkpoint itself is to say it. */
export interface ImportOptions extends Asked {
  /** The averaged weights in place of the last ones. */
  readonly ema: boolean
}

/** A model of a checkpoint, and what was found. */
export interface Imported {
  /** Weights as given. */
  readonly model: Model
  readonly weights: 'state_dict' | 'ema'
  /** Whether the file holds averaged weights, taken or not. */
  readonly averaged: boolean
  /** The script's word for its data; null where the file does not say. */
  readonly dataset: string | null
  /** The largest certified Lipschitz bound of any net; where it is not below 1, nothing proves that the flow is invertible. */
  readonly lipschitzBound: number
}

type Either<A> = E.Either<string, A>

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
      E.flatMap(vectors, (vectorsOf): Either<Imported> => {
        const { segments, size } = layoutOf(architecture)
        const given = new Float64Array(size)
        const weightOf = (layer: StoredLayer) => effectiveWeight(layer, vectorsOf(layer), architecture.coefficient)
        for (const segment of segments) given.set(numbersOf(segment, modules, weightOf), segment.offset)
        const { effective, norms, lipschitzBound } = boundsAsGiven(architecture, given)
        if (!Number.isFinite(lipschitzBound)) return E.left('its weights are too large to be bounded')
        const data = options.get('data')
        return E.right({
          model: { architecture, effective, norms, standardisation: null, asGiven: true },
          weights: asked.ema ? 'ema' : 'state_dict',
          averaged: checkpoint.average !== undefined,
          dataset: typeof data === 'string' ? data : null,
          lipschitzBound
        })
      })
    )
  )
  return E.mapLeft(badCheckpoint(file))(imported)
}
