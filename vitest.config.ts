import { defineConfig } from 'vitest/config'

const long = process.env.IMPFLOW_LONG === '1'

/** Laws say themselves how long they may take; everything else has the limits below. */
export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts'],
    // Unless told, one core is left idle: on two that is half of them.
    maxWorkers: '100%',
    testTimeout: long ? 600_000 : 120_000,
    hookTimeout: 120_000,
    reporters: ['default'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/index.ts', 'src/cli/main.ts'] }
  }
})
