import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../architecture/sources.js'

/** A bug as a change of a file's text. */
export interface Patch {
  /** From the repository's root, as `src/solve/safeguard.ts`. */
  readonly file: string
  readonly right: string
  readonly wrong: string
}

/**
 * Modules of the package with bugs planted in its source: of a copy of it with the changes, which is gone when they are
 * loaded. They and the modules they use are one world: what one of them makes, only they can read.
 * @throws Error if a file does not have the right text exactly once
 */
export const planted = async <Modules extends readonly unknown[]>(
  patches: readonly Patch[],
  paths: { readonly [K in keyof Modules]: string }
): Promise<Modules> => {
  const folder = join(root, 'coverage')
  mkdirSync(folder, { recursive: true })
  const copy = mkdtempSync(join(folder, 'planted-'))
  try {
    for (const part of ['src', 'spec/net', 'spec/laws/support/roulette.ts', 'spec/support/law.ts'])
      cpSync(join(root, part), join(copy, part), { recursive: true })
    for (const { file, right, wrong } of patches) {
      const parts = readFileSync(join(copy, file), 'utf8').split(right)
      if (parts.length !== 2)
        throw new Error(`${file} has ${JSON.stringify(right)} ${parts.length - 1} times, not once`)
      writeFileSync(join(copy, file), parts.join(wrong))
    }
    const modules: readonly unknown[] = await Promise.all(
      paths.map((path: string) => import(pathToFileURL(join(copy, path)).href))
    )
    return modules as unknown as Modules
  } finally {
    rmSync(copy, { recursive: true })
  }
}
