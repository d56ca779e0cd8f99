import { describe, expect, it } from 'vitest'
import { rowsOf } from '../../proofs/table.js'
import { sourcesIn } from '../architecture/sources.js'
import { coqFiles, readProofs } from './support/coq.js'

const rows = rowsOf(readProofs('README.md'))
const specs = sourcesIn('spec').filter(({ path }) => path.endsWith('.spec.ts'))

const proves = (file: string, name: string): boolean =>
  new RegExp(`^ *(Theorem|Lemma|Corollary) ${name}\\b`, 'm').test(
    coqFiles.find(other => other.name === file)?.text ?? ''
  )

const states = (law: string): boolean =>
  specs.some(({ text }) => [`'${law}'`, `"${law}"`, `\`${law}\``].some(quoted => text.includes(quoted)))

describe('the table of theorems', () => {
  it('has rows with a theorem, axioms and a law each', () => {
    expect(rows.length).toBeGreaterThan(15)
    expect(rows.filter(({ theorems, laws }) => theorems.length === 0 || laws.length === 0)).toEqual([])
    expect(rows.filter(({ axioms }) => !axioms.every(word => ['reals', 'classic'].includes(word)))).toEqual([])
  })

  it('names theorems that the proofs have', () => {
    const missing = rows.flatMap(({ theorems }) => theorems).filter(({ file, name }) => !proves(file, name))
    expect(missing).toEqual([])
  })

  it('names laws that the specs have', () => {
    expect(rows.flatMap(({ laws }) => laws).filter(law => !states(law))).toEqual([])
  })
})

describe('the proofs', () => {
  it('are all in _CoqProject, one a line, in alphabetical order', () => {
    const listed = readProofs('_CoqProject')
      .split('\n')
      .filter(line => line.endsWith('.v'))
    expect(listed).toEqual(coqFiles.map(({ name }) => name))
  })

  it('have no gaps and no axioms of their own', () => {
    const gaps = /\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjecture|Unset Guard|bypass_check)\b/
    expect(coqFiles.filter(({ text }) => gaps.test(text)).map(({ name }) => name)).toEqual([])
  })

  it('say in words what every theorem of the table means', () => {
    const mute = rows
      .flatMap(({ theorems }) => theorems)
      .filter(({ file, name }) => !new RegExp(`\\*\\)\\n *(Theorem|Lemma|Corollary) ${name}\\b`).test(readProofs(file)))
    expect(mute).toEqual([])
  })
})
