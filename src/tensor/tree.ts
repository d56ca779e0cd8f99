import { defect } from '../prelude/defect.js'
import type { Tensor } from './tensor.js'

/** Parameters as people nest them: a tensor, a list of trees, or a record of trees. */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: Tree }

const isTensor = (tree: Tree): tree is Tensor => 'primitive' in tree && 'inputs' in tree

/** The tensors of a tree, lists in their order and records in the order of their sorted keys. */
export const leaves = (tree: Tree): readonly Tensor[] => {
  if (isTensor(tree)) return [tree]
  if (Array.isArray(tree)) return (tree as readonly Tree[]).flatMap(leaves)
  const record = tree as { readonly [key: string]: Tree }
  return Object.keys(record)
    .sort()
    .flatMap(key => leaves(record[key] as Tree))
}

/** The tensors of a tree by their path, as `blocks.0.gx.0.weight`, in the order of `leaves`. */
export const namedLeaves = (tree: Tree, path = ''): readonly (readonly [string, Tensor])[] => {
  if (isTensor(tree)) return [[path, tree]]
  const under = (key: string): string => (path === '' ? key : `${path}.${key}`)
  if (Array.isArray(tree)) return (tree as readonly Tree[]).flatMap((child, i) => namedLeaves(child, under(`${i}`)))
  const record = tree as { readonly [key: string]: Tree }
  return Object.keys(record)
    .sort()
    .flatMap(key => namedLeaves(record[key] as Tree, under(key)))
}

/**
 * A tree of the same structure with other leaves, given in the order of `leaves`.
 * @throws TypeError if their number differs
 */
export const withLeaves = <T extends Tree>(tree: T, tensors: readonly Tensor[]): T => {
  let next = 0
  const rebuild = (node: Tree): Tree => {
    if (isTensor(node)) return tensors[next++] ?? defect(`a tree needs more than ${tensors.length} leaves`)
    if (Array.isArray(node)) return (node as readonly Tree[]).map(rebuild)
    const record = node as { readonly [key: string]: Tree }
    const children = Object.keys(record)
      .sort()
      .map(key => [key, rebuild(record[key] as Tree)] as const)
    return Object.fromEntries(children)
  }
  const result = rebuild(tree) as T
  return next === tensors.length ? result : defect(`a tree of ${next} leaves was given ${tensors.length}`)
}

/** Applies a function to every leaf. */
export const mapTree = <T extends Tree>(tree: T, f: (leaf: Tensor, index: number) => Tensor): T =>
  withLeaves(tree, leaves(tree).map(f))
