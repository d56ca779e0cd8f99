import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rowsOf } from './table.js'

const folder = fileURLToPath(new URL('.', import.meta.url))

const fail = (message: string): never => {
  console.error(message)
  process.exit(1)
}

/** Runs a program in this folder and gives what it prints; its failure is ours. */
const run = (program: string, args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) fail(`${program} ${args.join(' ')}\n${stdout}${stderr}\n${program} failed`)
  return stdout
}

const install = `The proofs need Coq 8.16 and Coquelicot 3:
  Debian, Ubuntu   apt-get install coq libcoq-coquelicot
  with opam        opam install coq.8.16.1 coq-coquelicot.3.2.0`

const needCoq = (): void => {
  for (const program of ['coqc', 'coqchk', 'coq_makefile', 'make'])
    if (spawnSync(program, ['--version']).error) fail(`${program} is not here. ${install}`)
  if (!existsSync(join(run('coqc', ['-where']).trim(), 'user-contrib', 'Coquelicot')))
    fail(`Coquelicot is not here. ${install}`)
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

/** The axioms that Coq finds behind each of the theorems, in their order. */
const assumptionsOf = (theorems: readonly { readonly file: string; readonly name: string }[]) => {
  const scratch = mkdtempSync(join(tmpdir(), 'impflow-proofs-'))
  const modules = [...new Set(theorems.map(({ file }) => file.replace(/\.v$/, '')))]
  const questions = theorems.map(
    ({ file, name }) =>
      `Goal True. idtac "theorem". exact I. Qed.\nPrint Assumptions Impflow.${file.replace(/\.v$/, '')}.${name}.`
  )
  const path = join(scratch, 'Questions.v')
  writeFileSync(path, [`From Impflow Require ${modules.join(' ')}.`, ...questions].join('\n'))
  const answers = run('coqc', ['-w', '-ambiguous-paths', '-R', '.', 'Impflow', path]).split(/^theorem$/m)
  rmSync(scratch, { recursive: true })
  return answers
    .slice(1)
    .map(answer => [...answer.matchAll(/^([A-Za-z_][\w.']*) *(?::|$)/gm)].map(match => match[1] as string))
    .map(names => names.filter(name => name !== 'Axioms' && name !== 'Closed'))
}

/** Complaints about theorems that rest on other axioms than their row says, or than are allowed at all. */
const complaints = (): readonly string[] => {
  const allowed = new Map(
    readFileSync(join(folder, 'axioms.txt'), 'utf8')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => line.split(' ').reverse() as [string, string])
  )
  const asked = rowsOf(readFileSync(join(folder, 'README.md'), 'utf8')).flatMap(({ theorems, axioms }) =>
    theorems.map(theorem => ({ ...theorem, axioms }))
  )
  if (asked.length === 0) fail('README.md has no table of theorems')
  const found = assumptionsOf(asked)
  if (found.length !== asked.length) fail(`Coq answered ${found.length} of ${asked.length} questions`)
  console.log(`theorems of README.md: ${asked.length}`)
  return asked.flatMap(({ file, name, axioms }, i) => {
    const names = found[i] as readonly string[]
    const strange = names.filter(axiom => !allowed.has(axiom))
    const words = [...new Set(names.map(axiom => allowed.get(axiom)))]
    const unsaid = words.filter(word => word !== undefined && !axioms.includes(word))
    return [
      ...strange.map(axiom => `${file}:${name} rests on ${axiom}, which axioms.txt does not allow`),
      ...unsaid.map(word => `${file}:${name} rests on "${word}", which its row does not say`)
    ]
  })
}

needCoq()
timed(`compiled ${files.length} files`, compile)
const wrong = timed('assumptions', complaints)
if (wrong.length > 0) fail(wrong.join('\n'))
const modules = files.map(file => `Impflow.${file.replace(/\.v$/, '')}`)
const summary = timed('checked by coqchk', () => run('coqchk', ['-silent', '-o', '-R', '.', 'Impflow', ...modules]))
console.log(summary.trim())
