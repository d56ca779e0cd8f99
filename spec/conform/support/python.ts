import { spawnSync } from 'node:child_process'

/** The first Python that has a module, as a command; null where none has, which is said. */
export const pythonWith = (module: string): string | null => {
  const found = ['python3', '/usr/bin/python3'].find(
    python => spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0
  )
  if (found === undefined) console.warn(`NOT RUN: what needs Python with ${module}; Debian has it as python3-${module}`)
  return found ?? null
}
