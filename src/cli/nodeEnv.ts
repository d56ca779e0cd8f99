import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { either as E } from 'fp-ts'
import { readPoints } from '../data/file.js'
import { openBackend } from '../interpret/backends.js'
import { nodeDisk } from '../train/runFolder/disk.js'
import { launch } from './conform/peer.js'
import type { Env } from './env.js'

const require = createRequire(import.meta.url)

/** The version of a package, or null where it is not installed. */
const versionOf = (packageFile: string): string | null =>
  E.getOrElse((): string | null => null)(
    E.tryCatch(
      () => (require(packageFile) as { readonly version: string }).version,
      () => null
    )
  )

/** The world as Node sees it. */
export const nodeEnv = (interrupted: () => boolean): Env => ({
  now: () => performance.now(),
  disk: nodeDisk,
  readPoints,
  print: text => {
    process.stdout.write(text)
  },
  stderr: process.stderr,
  interrupted,
  backend: openBackend,
  launch,
  cores: availableParallelism(),
  versions: {
    impflow: versionOf('../../package.json') ?? 'unknown',
    node: process.version.slice(1),
    onnxruntime: versionOf('onnxruntime-node/package.json'),
    gpuJs: versionOf('gpu.js/package.json')
  },
  tables: fileURLToPath(new URL('../../data', import.meta.url)),
  runs: 'runs'
})
