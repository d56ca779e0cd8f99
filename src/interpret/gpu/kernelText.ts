import { defect } from '../../prelude/defect.js'
import { matmulPrimitive } from '../../tensor/primitives/matmul.js'
import { range, sizeOf } from '../../tensor/shape.js'
import { isA, type Tensor } from '../../tensor/tensor.js'
import { type Index, indexAlong, indexOfFlat, type Scope, through } from './places.js'
import { lineOf, literalOf } from './table.js'

/** A kernel that computes one tensor from others. */
export interface KernelText {
  /** Of a function of flat arrays, one for each leaf, that returns the entry at `this.thread.x`. */
  readonly source: string
  readonly leaves: readonly Tensor[]
}

/**
 * The kernel of a tensor: its loop, if it has one, and everything fused before and after.
 * @param isLeaf which tensors are given as arrays; all others between them and the tensor are computed inside
 */
export const kernelText = (root: Tensor, isLeaf: (tensor: Tensor) => boolean): KernelText => {
  const leaves: Tensor[] = []
  const numbers = new Map<Tensor, number>()
  const numberOf = (tensor: Tensor): number => {
    const number = numbers.get(tensor) ?? numbers.size
    numbers.set(tensor, number)
    return number
  }
  let names = 0
  const scopeIn = (parent?: Scope): Scope => {
    const lines: string[] = []
    const own = new Map<string, string>()
    return {
      lines,
      name: text => {
        const name = `v${names++}`
        lines.push(`const ${name} = ${text};`)
        return name
      },
      known: key => own.get(key) ?? parent?.known(key),
      note: (key, name) => void own.set(key, name)
    }
  }
  const before = scopeIn()
  const after = scopeIn(before)
  let loop: readonly string[] = []

  const argument = (tensor: Tensor): string => {
    if (!leaves.includes(tensor)) leaves.push(tensor)
    return `a${leaves.indexOf(tensor)}`
  }

  const entry = (tensor: Tensor, at: Index, scope: Scope): string => {
    const literal = literalOf(tensor)
    if (literal !== undefined) return literal
    if (isLeaf(tensor)) {
      const text = `${argument(tensor)}[${at.flat()}]`
      const known = scope.known(text)
      if (known !== undefined) return known
      const name = scope.name(text)
      scope.note(text, name)
      return name
    }
    const line = lineOf(tensor)
    if (line.how === 'reference') return defect(`${tensor.primitive.name} is in no kernel`)
    // Places depend on i alone outside the loop, so they are named before it: it may need them.
    if (line.as === 'indices')
      return entry(tensor.inputs[0] as Tensor, through(tensor, at, scope === after ? before : scope), scope)
    const key = `${numberOf(tensor)} at ${at.flat()}`
    const known = scope.known(key)
    if (known !== undefined) return known
    const name =
      line.as === 'loop'
        ? looped(tensor, at)
        : scope.name(
            line.entry(
              tensor.inputs.map(x => entry(x, at, scope)),
              tensor
            )
          )
    scope.note(key, name)
    return name
  }

  const looped = (node: Tensor, at: Index): string => {
    const inside = scopeIn(before)
    const total = `v${names++}`
    if (isA(matmulPrimitive, node)) {
      const [a, b] = node.inputs as readonly [Tensor, Tensor]
      const { transposeA, transposeB } = node.parameters
      const inner = a.shape.at(transposeA ? -2 : -1) as number
      const places = at.along()
      const [row, column] = places.slice(-2) as [string, string]
      const place = (x: Tensor, last: readonly string[]): Index =>
        indexAlong(inside, x.shape, [...places.slice(0, -2), ...last])
      const left = entry(a, place(a, transposeA ? ['k', row] : [row, 'k']), inside)
      const right = entry(b, place(b, transposeB ? [column, 'k'] : ['k', column]), inside)
      loop = [
        `let ${total} = 0.0;`,
        `for (let k = 0; k < ${inner}; k++) {`,
        ...inside.lines,
        `${total} += ${left} * ${right};`,
        '}'
      ]
      return total
    }
    const x = node.inputs[0] as Tensor
    const { axes } = node.parameters as { readonly axes: readonly number[] }
    const kept = range(x.shape.length).filter(axis => !axes.includes(axis))
    const folded = axes.map(axis => x.shape[axis] as number)
    const places = at.along()
    const termAt = (k: string, scope: Scope): string => {
      const inner = indexOfFlat(scope, folded, k).along()
      const along = x.shape.map((_, axis) =>
        axes.includes(axis) ? (inner[axes.indexOf(axis)] as string) : (places[kept.indexOf(axis)] as string)
      )
      return entry(x, indexAlong(scope, x.shape, along), scope)
    }
    const summing = node.primitive.name === 'sum'
    const start = summing ? '0.0' : termAt('0.0', before)
    const term = termAt('k', inside)
    loop = [
      `let ${total} = ${start};`,
      `for (let k = ${summing ? 0 : 1}; k < ${sizeOf(folded)}; k++) {`,
      ...inside.lines,
      summing ? `${total} += ${term};` : `${total} = Math.max(${total}, ${term});`,
      '}'
    ]
    return total
  }

  const result = entry(root, indexOfFlat(before, root.shape, 'i'), after)
  const lines = ['const i = this.thread.x;', ...before.lines, ...loop, ...after.lines, `return ${result};`]
  const parameters = leaves.map((_, n) => `a${n}`).join(', ')
  return { source: `function(${parameters}) {\n${lines.map(line => `  ${line}`).join('\n')}\n}`, leaves }
}
