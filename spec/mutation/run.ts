import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../architecture/sources.js'
import { folders } from './folders.js'
import { resultOf, type StrykerReport, section } from './report.js'

/**
 * `npm run mutation [-- --quick] [FOLDER ...]`: mutates folders of src, all five unless named, and writes
 * coverage/mutation/FOLDER.md. IMPFLOW_CASES cases a law, 20 unless told; one process. Mutants that act while modules are
 * loaded cost a run of all specs each: `--quick` leaves out those that nothing but loading executes, and counts them.
 */
const quick = process.argv.includes('--quick')
const named = process.argv.slice(2).filter(word => word !== '--quick')
const unknown = named.find(folder => folders[folder] === undefined)
if (unknown !== undefined) {
  console.error(`no folder ${unknown} to mutate; there are ${Object.keys(folders).join(', ')}`)
  process.exit(2)
}

const out = join(root, 'coverage/mutation')
mkdirSync(out, { recursive: true })
for (const folder of named.length === 0 ? Object.keys(folders) : named) {
  const report = join(out, `${folder}.json`)
  const config = join(out, `${folder}.config.json`)
  const settings = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate: [`src/${folder}/**/*.ts`],
    coverageAnalysis: 'perTest',
    ignoreStatic: quick,
    concurrency: 1,
    timeoutMS: 20_000,
    tempDirName: 'coverage/stryker',
    ignorePatterns: ['dist', 'coverage', 'runs', 'docs', 'bench'],
    reporters: ['progress-append-only', 'clear-text', 'json'],
    clearTextReporter: { logTests: false, reportTests: false, reportMutants: false },
    jsonReporter: { fileName: report },
    vitest: { configFile: 'spec/mutation/vitest.config.ts', related: false }
  }
  writeFileSync(config, JSON.stringify(settings))
  const { status } = spawnSync('npx', ['stryker', 'run', config], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      IMPFLOW_SPECS: (folders[folder] ?? []).join(','),
      IMPFLOW_CASES: process.env.IMPFLOW_CASES ?? '20'
    }
  })
  if (status !== 0 || !existsSync(report)) process.exit(1)
  const text = section(resultOf(folder, JSON.parse(readFileSync(report, 'utf8')) as StrykerReport))
  writeFileSync(join(out, `${folder}.md`), text)
  console.log(text)
}
