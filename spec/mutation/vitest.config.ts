import { defineConfig } from 'vitest/config'

/** The specs of the folder that is mutated, named by `npm run mutation`. */
export default defineConfig({
  test: {
    include: (process.env.IMPFLOW_SPECS ?? 'spec/**/*.spec.ts').split(','),
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
})
