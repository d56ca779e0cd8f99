import { spawnSync } from 'node:child_process'

/**
 * The first Python that has a module, as a command; null where none has, which is said. With IMPFLOW_REQUIRE_TORCH=1, as in
 * continuous integration, one must have it.
 */
export const pythonWith = (module: string): string | null => {
  const found = ['python3', '/usr/bin/python3'].find(
    python => spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0
  )
  const required = process.env.IMPFLOW_REQUIRE_TORCH === '1'
  if (found === undefined && required) throw new Error(`no Python has ${module}: apt-get install python3-${module}`)
  if (found === undefined) console.warn(`NOT RUN: what needs Python with ${module}; Debian has it as python3-${module}`)
  return found ?? null
}
