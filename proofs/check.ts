import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rowsOf } from './table.js'

interface Theorem {
  readonly file: string
  readonly name: string
}

const folder = fileURLToPath(new URL('.', import.meta.url))

const fail = (message: string): never => {
  console.error(message)
  process.exit(1)
}

/** Runs a program in this folder and gives all that it prints; its failure is ours. */
const run = (program: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) fail(`${program} ${args.join(' ')}\n${stdout}${stderr}\n${program} failed`)
  return `${stdout}${stderr}`
}

const install = `The proofs need Coq 8.16, Coquelicot 3 and Flocq 4:
  Debian, Ubuntu   apt-get install coq libcoq-coquelicot libcoq-flocq make
  with opam        opam install coq.8.16.1 coq-coquelicot.3.2.0 coq-flocq.4.1.0`

const needCoq = (): void => {
  for (const program of ['coqc', 'coqchk', 'coq_makefile', 'make'])
    if (spawnSync(program, ['--version']).error) fail(`${program} is not here. ${install}`)
  const libraries = join(run('coqc', ['-where']).trim(), 'user-contrib')
  for (const library of ['Coquelicot', 'Flocq'])
    if (!existsSync(join(libraries, library))) fail(`${library} is not here. ${install}`)
}

const timed = <T>(what: string, work: () => T): T => {
  const begun = Date.now()
  const result = work()
  console.log(`${what}: ${((Date.now() - begun) / 1000).toFixed(0)} s`)
  return result
}

const files = readFileSync(join(folder, '_CoqProject'), 'utf8')
  .split('\n')
  .filter(line => line.endsWith('.v'))

const compile = (): void => {
  run('coq_makefile', ['-f', '_CoqProject', '-o', 'Makefile.coq'])
  run('make', ['-f', 'Makefile.coq', `-j${availableParallelism()}`])
}

/** The axioms that Coq finds behind each group of theorems. Asked for a group at once, Coq answers once, in a second. */
const assumptionsOf = (groups: readonly (readonly Theorem[])[]): readonly (readonly string[])[] => {
  const scratch = mkdtempSync(join(tmpdir(), 'impflow-proofs-'))
  const moduleOf = ({ file }: Theorem): string => file.replace(/\.v$/, '')
  const nameOf = (theorem: Theorem): string => `@Impflow.${moduleOf(theorem)}.${theorem.name}`
  const questions = groups.map(
    (group, i) =>
      `Goal True. idtac "group". exact I. Qed.\nDefinition group${i} := (${group.map(nameOf).join(', ')}, I).\nPrint Assumptions group${i}.`
  )
  const path = join(scratch, 'Questions.v')
  const modules = [...new Set(groups.flat().map(moduleOf))]
  writeFileSync(path, [`From Impflow Require ${modules.join(' ')}.`, ...questions].join('\n'))
  const answers = run('coqc', ['-w', '-ambiguous-paths', '-R', '.', 'Impflow', path]).split(/^group$/m)
  rmSync(scratch, { recursive: true })
  return answers
    .slice(1)
    .map(answer => [...answer.matchAll(/^([A-Za-z_][\w.']*) *(?::|$)/gm)].map(match => match[1] as string))
    .map(names => names.filter(name => name !== 'Axioms' && name !== 'Closed'))
}

/** Axioms by name, each with the word for it in the table. */
const allowed: ReadonlyMap<string, string> = new Map(
  readFileSync(join(folder, 'axioms.txt'), 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split(' ').reverse() as [string, string])
)

/** Those of the axioms that a row with these words does not admit to. */
const unsaid = (words: string, axioms: readonly string[]): readonly string[] =>
  axioms.filter(axiom => !words.split(', ').includes(allowed.get(axiom) ?? ''))

/** Complaints about theorems that rest on other axioms than their rows say. */
const complaints = (): readonly string[] => {
  const asked = rowsOf(readFileSync(join(folder, 'README.md'), 'utf8')).flatMap(({ theorems, axioms }) =>
    theorems.map(theorem => ({ ...theorem, words: axioms.join(', ') }))
  )
  if (asked.length === 0) fail('README.md has no table of theorems')
  const kinds = [...new Set(asked.map(({ words }) => words))]
  const groups = kinds.map(words => asked.filter(theorem => theorem.words === words))
  const found = assumptionsOf(groups)
  if (found.length !== groups.length) fail(`Coq answered ${found.length} of ${groups.length} questions`)
  for (const [i, words] of kinds.entries()) console.log(`${groups[i]?.length} theorems rest on: ${words}`)
  const suspects = groups.filter((_, i) => unsaid(kinds[i] as string, found[i] as readonly string[]).length > 0).flat()
  const each = suspects.length === 0 ? [] : assumptionsOf(suspects.map(theorem => [theorem]))
  return suspects.flatMap(({ file, name, words }, i) =>
    unsaid(words, each[i] as readonly string[]).map(
      axiom => `${file}:${name} rests on ${axiom}; its row says: ${words}`
    )
  )
}

/** Checks the compiled files once more with Coq's independent checker, and compares the axioms that it finds. */
const recheck = (): void => {
  const modules = files.map(file => `Impflow.${file.replace(/\.v$/, '')}`)
  const summary = run('coqchk', ['-silent', '-o', '-R', '.', 'Impflow', ...modules])
  const axioms = /\* Axioms:([\s\S]*?)\n\s*\n?\s*\*/.exec(summary)?.[1]?.trim().split(/\s+/) ?? []
  const known = [...allowed.keys()]
  const strange = axioms.filter(axiom => !known.some(name => axiom.endsWith(`.${name}`)))
  if (axioms.length === 0 || strange.length > 0) fail(`coqchk finds other axioms than axioms.txt:\n${summary}`)
  console.log(`axioms that coqchk finds: ${axioms.join(', ')}`)
}

needCoq()
timed(`compiled ${files.length} files`, compile)
const wrong = timed('assumptions', complaints)
if (wrong.length > 0) fail(wrong.join('\n'))
timed('checked again by coqchk', recheck)
