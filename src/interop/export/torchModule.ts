import { either as E } from 'fp-ts'
import type { Model } from '../../distribution/model.js'
import { boundsOfModel } from '../../distribution/programs.js'
import { blockKinds } from '../../flow/blockKinds.js'
import type { Certified, NotContractive } from '../../flow/certify.js'
import { layoutOf } from '../../flow/layout.js'
import { activations } from '../../net/activations.js'
import { defect } from '../../prelude/defect.js'
import { torchActivations } from './torchActivations.js'
import { flow, net, solver } from './torchText.js'

/** Bytes a line, a multiple of 3 so that only the last is padded. */
const lineBytes = 72

/** Bytes in base 64, in lines. */
const base64Lines = (bytes: Uint8Array): readonly string[] =>
  Array.from({ length: Math.ceil(bytes.length / lineBytes) }, (_, i) =>
    btoa(String.fromCharCode(...bytes.subarray(i * lineBytes, (i + 1) * lineBytes)))
  )

/** The numbers, little-endian float64, whatever the machine's order. */
const littleEndian = (values: Float64Array): Uint8Array => {
  const view = new DataView(new ArrayBuffer(8 * values.length))
  values.forEach((x, i) => {
    view.setFloat64(8 * i, x, true)
  })
  return new Uint8Array(view.buffer)
}

/** What the class is called, and what it says of itself. */
const docstring = ({ architecture }: Model, { lipschitzBound }: Certified): readonly string[] => {
  const { model, blocks, dimension, hidden, activation } = architecture
  const kind = model === 'impflow' ? 'ImpFlow' : 'residual'
  const proved =
    lipschitzBound < 1
      ? `Lipschitz constants of all nets are proved to be at most ${lipschitzBound}.`
      : `Not certified: a Lipschitz bound is ${lipschitzBound}, so nothing proves that the flow is invertible.`
  return [
    `A flow of ${blocks} ${kind} block${blocks === 1 ? '' : 's'}, nets ${[dimension, ...hidden, dimension].join('-')}, ${activation}. Written by impflow; needs torch >= 1.10 only.`,
    '',
    proved,
    'Parameters are the weights as used (normalisation done). First-order gradients pass through roots by the implicit',
    'function theorem. A row counts as converged when |F| <= tolerance (1 + |z|); look at it before you use the row.',
    '',
    '    flow = Flow()                                # float64; Flow(torch.float32) for less',
    '    z, log_density, converged = flow(points)     # points [n, d] in the units of the data; nats',
    '    x, converged = flow.sample(noise)            # noise [n, d], standard normal'
  ]
}

/**
 * A model as the text of a Python module that needs PyTorch only: class Flow with the weights inside, \`forward\`,
 * \`log_prob\` and \`sample\`, in float64 unless told.
 * @returns Left if the weights do not make contractions
 * @throws TypeError for a kind of block that exports do not know
 */
export const toTorchModule = (model: Model): E.Either<NotContractive, string> => {
  const { model: kind } = model.architecture
  if (!blockKinds[kind].exchangeable) return defect(`no module of PyTorch is known for blocks of kind ${kind}`)
  return E.map((certified: Certified): string => {
    const { architecture, standardisation } = model
    const { segments, widths } = layoutOf(architecture)
    const { activation, leading = false, actNorms = [], blocks, dimension, hidden } = architecture
    const { learnable } = activations[activation]
    const { mean, scale } = standardisation ?? {
      mean: new Array<number>(dimension).fill(0),
      scale: new Array<number>(dimension).fill(1)
    }
    const shapes = segments.map(
      ({ name, shape }) => `    (${JSON.stringify(name)}, (${shape.map(n => `${n},`).join(' ')})),`
    )
    const numbers = base64Lines(littleEndian(certified.effective)).map(line => `    "${line}"`)
    return [
      '"""A normalizing flow, written by impflow."""',
      'import base64\nimport math\nimport sys\n\nimport torch\n',
      `BLOCKS, LAYERS${learnable ? ', BETAS' : ''} = ${blocks}, ${widths.length - 1}${learnable ? `, ${hidden.length + (leading ? 1 : 0)}` : ''}`,
      '# Blocks before which an ActNorm stands.',
      `ACTNORMS = [${actNorms.join(', ')}]`,
      '# Points are (x - MEAN) / SCALE first.',
      `MEAN = [${mean.join(', ')}]`,
      `SCALE = [${scale.join(', ')}]`,
      `SHAPES = [\n${shapes.join('\n')}\n]`,
      '# All tensors one after another, little-endian float64.',
      `NUMBERS = (\n${numbers.join('\n')}\n)`,
      '',
      net(learnable, leading, torchActivations[activation]),
      solver,
      flow(architecture.model === 'impflow', docstring(model, certified))
    ].join('\n')
  })(boundsOfModel(model))
}
