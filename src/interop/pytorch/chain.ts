/** The authors' modules of a chain, found by the names of their tensors. */
import { either as E } from 'fp-ts'
import type { TorchTensor } from './torchTensor.js'

/** A dense layer as stored: raw weight [out in], and the vectors of its power iteration. */
export interface StoredLayer {
  readonly name: string
  readonly weight: TorchTensor
  readonly bias: TorchTensor
  readonly u: TorchTensor
  readonly v: TorchTensor
}

/** A net as stored. */
export interface StoredNet {
  readonly leading: boolean
  readonly layers: readonly StoredLayer[]
  readonly betas: readonly TorchTensor[]
}

/** A module of the chain. */
export type StoredModule =
  | { readonly kind: 'actNorm'; readonly shift: TorchTensor; readonly logScale: TorchTensor }
  | { readonly kind: 'impflow'; readonly nets: readonly [StoredNet, StoredNet] }
  | { readonly kind: 'resflow'; readonly nets: readonly [StoredNet] }

type Tensors = ReadonlyMap<string, TorchTensor>

/** The tensors whose names begin with a prefix, without it. */
const under = (tensors: Tensors, prefix: string): Tensors =>
  new Map(
    [...tensors].flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : []))
  )

const vector = (name: string, tensors: Tensors, length: number | undefined): E.Either<string, TorchTensor> => {
  const tensor = tensors.get(name.slice(name.lastIndexOf('.') + 1))
  if (tensor === undefined) return E.left(`there is no tensor ${name}`)
  if (tensor.shape.length !== 1 || (length !== undefined && tensor.shape[0] !== length))
    return E.left(`tensor ${name} has shape [${tensor.shape}], where [${length ?? 'd'}] should be`)
  return tensor.values.every(Number.isFinite)
    ? E.right(tensor)
    : E.left(`tensor ${name} has an entry that is not finite`)
}

const layerParts = ['weight', 'bias', 'scale', 'u', 'v', 'domain', 'codomain']

const layerOf = (name: string, tensors: Tensors): E.Either<string, StoredLayer> => {
  const stranger = [...tensors.keys()].find(part => !layerParts.includes(part))
  if (stranger !== undefined) return E.left(`tensor ${name}.${stranger} belongs to no dense layer that is known here`)
  const weight = tensors.get('weight')
  if (weight === undefined) return E.left(`there is no tensor ${name}.weight`)
  if (weight.shape.length === 4)
    return E.left(`tensor ${name}.weight is a convolution: checkpoints of images come in a later version`)
  const [out, size] = weight.shape
  if (weight.shape.length !== 2 || out === 0 || size === 0)
    return E.left(`tensor ${name}.weight has shape [${weight.shape}], where [out in] should be`)
  if (!weight.values.every(Number.isFinite)) return E.left(`tensor ${name}.weight has an entry that is not finite`)
  if (!tensors.has('u') || !tensors.has('v'))
    return E.left(`${name} has no vectors u and v: layers of norms in closed form (1 or infinity) are not known here`)
  return E.flatMap(vector(`${name}.bias`, tensors, out), bias =>
    E.flatMap(vector(`${name}.u`, tensors, out), u =>
      E.map((v: TorchTensor): StoredLayer => ({ name, weight, bias, u, v }))(vector(`${name}.v`, tensors, size))
    )
  )
}

/** Indices of the modules of a sequence, ascending. */
const indicesOf = (tensors: Tensors): readonly number[] =>
  [...new Set([...tensors.keys()].map(name => Number(/^(\d+)\./.exec(name)?.[1] ?? Number.NaN)))].sort((a, b) => a - b)

/** Layers at every other place, activations between them; those without parameters leave no trace. */
const netOf = (name: string, tensors: Tensors): E.Either<string, StoredNet> => {
  const indices = indicesOf(tensors)
  if (indices.some(Number.isNaN))
    return E.left(`${name} is no sequence of dense layers: checkpoints of images come in a later version`)
  const isLayer = (i: number): boolean => tensors.has(`${i}.weight`)
  const layers = indices.filter(isLayer)
  const [first = -1] = layers
  const last = layers.at(-1) ?? -1
  if (first !== 0 && first !== 1) return E.left(`${name} has no dense layer at its beginning`)
  if (layers.some((index, i) => index !== first + 2 * i) || indices.some(index => index > last))
    return E.left(`${name} is not layers with one activation between every two of them`)
  const activations = indices.filter(index => !isLayer(index))
  const between = Array.from({ length: layers.length - 1 + first }, (_, i) => 2 * i + 1 - first)
  if (activations.length > 0 && activations.join() !== between.join())
    return E.left(`${name} has parameters at some of its activations only`)
  const betas = E.traverseArray((index: number) => {
    const found = under(tensors, `${index}.`)
    return found.size === 1
      ? vector(`${name}.${index}.beta`, found, 1)
      : E.left(`${name}.${index} is no known activation`)
  })(activations)
  return E.flatMap(betas, found =>
    E.map((all: readonly StoredLayer[]): StoredNet => ({ leading: first === 1, layers: all, betas: found }))(
      E.traverseArray((index: number) => layerOf(`${name}.${index}`, under(tensors, `${index}.`)))(layers)
    )
  )
}

const actNormOf = (name: string, tensors: Tensors): E.Either<string, StoredModule> => {
  const started = tensors.get('initialized')?.values[0]
  if (started === 0)
    return E.left(`${name} is an ActNorm that was never initialised: its numbers would come from the first batch`)
  return E.flatMap(vector(`${name}.bias`, tensors, undefined), shift =>
    E.map((logScale: TorchTensor): StoredModule => ({ kind: 'actNorm', shift, logScale }))(
      vector(`${name}.weight`, tensors, shift.shape[0])
    )
  )
}

/** What blocks keep beside their nets: the state of estimators, and copies for the backward pass. */
const beside = /^(lamb|geom_p|last_n_samples|last_firmom|last_secmom|nnet_x_copy\..+|nnet_z_copy\..+)$/

const moduleOf = (name: string, all: Tensors): E.Either<string, StoredModule> => {
  const tensors = new Map([...all].filter(([key]) => !beside.test(key)))
  const keys = [...tensors.keys()]
  const every = (pattern: RegExp): boolean => keys.length > 0 && keys.every(key => pattern.test(key))
  if (tensors.has('initialized') && every(/^(weight|bias|initialized)$/)) return actNormOf(name, tensors)
  if (every(/^nnet\./))
    return E.map((net: StoredNet): StoredModule => ({ kind: 'resflow', nets: [net] }))(
      netOf(`${name}.nnet`, under(tensors, 'nnet.'))
    )
  if (every(/^nnet_[xz]\./))
    return E.flatMap(netOf(`${name}.nnet_x`, under(tensors, 'nnet_x.')), gx =>
      E.map((gz: StoredNet): StoredModule => ({ kind: 'impflow', nets: [gx, gz] }))(
        netOf(`${name}.nnet_z`, under(tensors, 'nnet_z.'))
      )
    )
  return E.left(`${name} is none of ActNorm, ImpFlow block and residual block (it has: ${keys.slice(0, 4).join(', ')})`)
}

/** The modules of a state whose tensors are called `chain.0.nnet_x.0.weight`, or `module.chain. ...`, in their order. */
export const chainOf = (state: Tensors): E.Either<string, readonly StoredModule[]> => {
  const names = [...state.keys()]
  if (names.some(name => /(^|\.)transforms\.\d+\./.test(name)))
    return E.left('it is a checkpoint of images (train_img.py): these come in a later version')
  const prefix = /^(module\.)*chain\./.exec(names[0] ?? '')?.[0]
  if (prefix === undefined || !names.every(name => name.startsWith(prefix)))
    return E.left(`its tensors are not those of a chain: ${names.find(name => !name.startsWith(prefix ?? 'chain.'))}`)
  const tensors = under(state, prefix)
  const indices = indicesOf(tensors)
  return indices.some((index, i) => index !== i)
    ? E.left(`the modules of its chain are not numbered from 0 on: ${indices.join(', ')}`)
    : E.traverseArray((index: number) => moduleOf(`${prefix}${index}`, under(tensors, `${index}.`)))(indices)
}
