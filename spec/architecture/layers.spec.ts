import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from './sources.js'

interface Violation {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

/** What the rules of .dependency-cruiser.cjs say of the folder `src` in a folder. */
const violations = (folder: string): readonly string[] => {
  const binary = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const config = join(root, '.dependency-cruiser.cjs')
  const { stdout, stderr } = spawnSync(process.execPath, [binary, 'src', '--config', config, '--output-type', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28
  })
  if (stdout === '') throw new Error(stderr)
  const { summary } = JSON.parse(stdout) as { readonly summary: { readonly violations: readonly Violation[] } }
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
}

describe('layers', () => {
  const broken = mkdtempSync(join(tmpdir(), 'impflow-layers-'))
  afterAll(() => rmSync(broken, { recursive: true }))

  it('imports point down the list', () => {
    expect(violations(root)).toEqual([])
  })

  it('a module that breaks a rule is found', () => {
    const files = {
      'src/tensor/upwards.ts': "export { a as b } from '../cli/a.js'",
      'src/cli/a.ts': 'export const a = 1',
      'src/flow/node.ts': "import 'node:fs'",
      'src/rewrite/one.ts': "export { two as three } from './two.js'\nexport const one = 1",
      'src/rewrite/two.ts': "export { one as two } from './one.js'",
      'src/utilities/one.ts': "import '../cli/a.js'",
      'src/net/missing.ts': "import './nowhere.js'",
      'src/net/upwards.ts': "import '../flow/node.js'",
      'src/data/tool.ts': "import 'fast-check'",
      'src/net/barrel.ts': "import '../index.js'",
      'src/index.ts': 'export const index = 1',
      'src/train/native.ts': "import 'onnxruntime-node'",
      'package.json':
        '{ "type": "module", "dependencies": { "onnxruntime-node": "*" }, "devDependencies": { "fast-check": "*" } }',
      'tsconfig.json': '{ "compilerOptions": { "module": "NodeNext", "moduleResolution": "NodeNext" } }'
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(broken, path)), { recursive: true })
      writeFileSync(join(broken, path), text)
    }
    symlinkSync(join(root, 'node_modules'), join(broken, 'node_modules'))
    const found = violations(broken).map(line => line.split(':')[0])
    expect([...new Set(found)].sort()).toEqual([
      'net-imports-no-higher-layer',
      'no-cycle',
      'no-development-package',
      'no-unknown-layer',
      'no-unresolvable',
      'nobody-imports-the-barrel',
      'node-at-the-edge',
      'onnxruntime-node-in-its-place',
      'tensor-imports-no-higher-layer'
    ])
  })
})
