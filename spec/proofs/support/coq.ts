import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../architecture/sources.js'

/** A file of proofs. */
export interface CoqFile {
  readonly name: string
  readonly text: string
}

const folder = join(root, 'proofs')

export const readProofs = (name: string): string => readFileSync(join(folder, name), 'utf8')

/** Every file of proofs, comments taken out. */
export const coqFiles: readonly CoqFile[] = readdirSync(folder)
  .filter(name => name.endsWith('.v'))
  .sort()
  .map(name => ({ name, text: readProofs(name).replace(/\(\*[\s\S]*?\*\)/g, '') }))

/** An arithmetic expression of Coq as one of JavaScript. */
const translated = (expression: string): string =>
  expression
    .replace(/\bS \(([^()]*)\)/g, '(($1) + 1)')
    .replace(/\bS (\w+)/g, '($1 + 1)')
    .replace(/\b(INR|ln|sqrt) (\w+)/g, '$1($2)')
    .replace(/\bINR\b/g, '')
    .replace(/\bln\b/g, 'Math.log')
    .replace(/\bsqrt\b/g, 'Math.sqrt')
    .replace(/\^/g, '**')

/**
 * A definition of the proofs as a function of numbers: what the theorems state is what the specs compute with. For
 * definitions by one arithmetic expression, as `Definition tail_bound (d c : R) (n : nat) : R := ...`.
 */
export const definition = (file: string, name: string): ((...values: readonly number[]) => number | boolean) => {
  const text = coqFiles.find(other => other.name === file)?.text ?? ''
  const found = new RegExp(`^Definition ${name} ((?:\\([^)]*\\) ?)+): (?:R|Prop) :=\\s*([\\s\\S]*?)\\.\\s*$`, 'm').exec(
    text
  )
  if (found === null) throw new Error(`${file} does not define ${name}`)
  const parameters = [...(found[1] as string).matchAll(/\(([^:]*):/g)].flatMap(group =>
    (group[1] as string).trim().split(/\s+/)
  )
  return new Function(...parameters, `return ${translated(found[2] as string)}`) as ReturnType<typeof definition>
}

/** A definition whose values are numbers. */
export const constant = (file: string, name: string): ((...values: readonly number[]) => number) =>
  definition(file, name) as (...values: readonly number[]) => number
