import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../architecture/sources.js'
import { folders } from './folders.js'
import { leftOver, merged, resultOf, type StrykerReport, section } from './report.js'

/**
 * `npm run mutation [-- --quick | --again] [FOLDER ...]`: mutates folders of src, all five unless named, and writes
 * coverage/mutation/FOLDER.{json,md}. IMPFLOW_CASES cases a law, 20 unless told; one process. Mutants that act while modules
 * are loaded cost a run of all specs each: `--quick` leaves out those that nothing but loading executes, and counts them.
 * `--again` runs what the last report says survived or was left out, and files that have changed since.
 */
const quick = process.argv.includes('--quick')
const again = process.argv.includes('--again')
const named = process.argv.slice(2).filter(word => word !== '--quick' && word !== '--again')
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
  const sources = Object.fromEntries(
    readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => [`src/${folder}/${name}`, readFileSync(join(root, 'src', folder, name), 'utf8')])
  )
  const last = again && existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as StrykerReport) : null
  const mutate = last === null ? [`src/${folder}/**/*.ts`] : leftOver(last, sources)
  if (mutate.length === 0) continue
  const settings = {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate,
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
  const found = JSON.parse(readFileSync(report, 'utf8')) as StrykerReport
  const total = last === null ? found : merged(last, found, sources)
  if (last !== null) writeFileSync(report, JSON.stringify(total))
  const text = section(resultOf(folder, total))
  writeFileSync(join(out, `${folder}.md`), text)
  console.log(text)
}
