import { activationNames } from '../../interop/oracle.js'
import { rowMajor } from '../../interpret/reference/arrays.js'
import { program } from '../../interpret/reference/evaluate.js'
import { reference } from '../../interpret/runningError/machine.js'
import { roundingErrors } from '../../interpret/runningError/runningError.js'
import { distanceOf, lengthOf } from '../../laws/matrix.js'
import { activations } from '../../net/activations.js'
import { mlp } from '../../net/mlp.js'
import { simplify } from '../../rewrite/simplify.js'
import { vectorizeOver } from '../../rewrite/vectorize.js'
import { fromNested, scalar } from '../../tensor/constructors.js'
import { add } from '../../tensor/primitives/add.js'
import { sub } from '../../tensor/primitives/sub.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Block, Net } from '../block.js'
import type { Case, Finding } from '../case.js'
import { pointError } from '../jacobian.js'
import { type Law, rowsAgree, withBlock } from '../law.js'
import { demand, forward, inverse, type Row, type Rows } from '../question.js'
import { along } from '../vectors.js'

/** v + g(v) at every row. */
const moved = (net: Net | null, { activation }: Block, rows: Tensor): Tensor => {
  if (net === null) return rows
  const layers = net.layers.map(({ W, b }) => ({ weight: fromNested(W), bias: fromNested(b) }))
  const g = mlp({ activation: activations[activationNames[activation]], leading: net.preact })({
    layers,
    betas: net.beta.map(scalar)
  })
  return vectorizeOver(
    v => [add(v as Tensor, g(v as Tensor))],
    [rows],
    [true],
    rows.shape[0] as number,
    'first'
  )[0] as Tensor
}

/** The residuals of the block equation, and bounds of what rounding makes of them here. */
const residuals = (block: Block, x: Rows, z: Rows): { readonly f: Rows; readonly rounding: Rows } => {
  const difference = sub(moved(block.g_z, block, fromNested(z)), moved(block.g_x, block, fromNested(x)))
  const outputs = [difference, ...roundingErrors(reference)([difference])]
  const [f = [], rounding = []] = program(
    [],
    simplify(outputs)
  )([]).map((values): Rows => {
    const flat = rowMajor(values)
    return x.map((_, i) => [...flat.subarray(i * block.d, (i + 1) * block.d)])
  })
  return { f, rounding }
}

/** z as exact as demanded leaves at most (1 + Lip(g_z)) times its error. */
const equation: Law = {
  id: 'block-equation',
  statement: 'z + g_z(z) = x + g_x(x), z = forward(x)',
  needs: ['load', 'forward'],
  about: withBlock,
  *check(c) {
    if (c.block === null) return []
    const z = yield* forward(c.x, c.dimension)
    const { f, rounding } = residuals(c.block, c.x, z)
    const zeros = f.map(row => row.map(() => 0))
    return rowsAgree('the residual', f, zeros, i => {
      const own = lengthOf(rounding[i] as Row)
      return (1 + (c.constants?.gz ?? 0)) * pointError(z[i] as Row) + 2 * own
    })
  }
}

const proved = (c: Case): boolean => c.constants !== null && c.constants.gx < 1 && c.constants.gz < 1

/** Both constants are proved upper bounds, so the inequalities are exact for the true images. */
const biLipschitz: Law = {
  id: 'bi-lipschitz',
  statement: '(1 - c_x) / (1 + c_z) |dx| <= |dz| <= (1 + c_x) / (1 - c_z) |dx|, for proved constants below 1',
  needs: ['load', 'forward'],
  about: proved,
  *check(c) {
    const { gx, gz } = c.constants ?? { gx: 0, gz: 0 }
    const x = c.x.flatMap((point, i) => [point, along(point, c.x[(i + 1) % c.x.length] as Row, 2 ** -8)])
    const z = yield* forward(x, c.dimension)
    return x.slice(1).map((point, i): Finding => {
      const [dx, dz] = [distanceOf(point, x[i] as Row), distanceOf(z[i + 1] as Row, z[i] as Row)]
      return {
        error: Math.max(0, dz - ((1 + gx) / (1 - gz)) * dx, ((1 - gx) / (1 + gz)) * dx - dz),
        allowed: pointError(z[i] as Row) + pointError(z[i + 1] as Row),
        where: `|dz| of points ${i + 1} and ${i + 2} of the list sent`
      }
    })
  }
}

/** The inverse of the block (g_x, g_z) is the block (g_z, g_x). */
const exchange: Law = {
  id: 'exchange',
  statement: 'exchanging g_x and g_z exchanges forward and inverse',
  needs: ['load', 'forward', 'inverse'],
  about: c => c.block?.kind === 'impflow',
  *check(c) {
    const x = yield* inverse(c.z, c.dimension)
    const z = yield* forward(c.x, c.dimension)
    yield* demand('load', { block: { ...c.block, g_x: c.block?.g_z, g_z: c.block?.g_x } })
    const there = yield* forward(c.z, c.dimension)
    const back = yield* inverse(c.x, c.dimension)
    yield* demand('load', { block: c.block })
    return [
      ...rowsAgree('x', there, x, i => 2 * pointError(x[i] as Row)),
      ...rowsAgree('z', back, z, i => 2 * pointError(z[i] as Row))
    ]
  }
}

/** What holds of implicit and residual blocks. */
export const blockLaws: readonly Law[] = [equation, biLipschitz, exchange]
