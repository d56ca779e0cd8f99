/** What is mutated, and by which specs: those of the folder, the laws that anyone can run, and comparisons with the proofs. */
export const folders: Readonly<Record<string, readonly string[]>> = {
  rewrite: ['spec/rewrite/**/*.spec.ts'],
  solve: ['spec/solve/**/*.spec.ts', 'spec/rewrite/roots.spec.ts', 'spec/laws/solver.spec.ts'],
  logdet: [
    'spec/logdet/**/*.spec.ts',
    'spec/proofs/roulette.spec.ts',
    'spec/proofs/neumann.spec.ts',
    'spec/proofs/constants.spec.ts',
    'spec/laws/estimator.spec.ts'
  ],
  flow: ['spec/flow/**/*.spec.ts', 'spec/laws/bijection.spec.ts'],
  lipschitz: [
    'spec/lipschitz/**/*.spec.ts',
    'spec/laws/contractive.spec.ts',
    'spec/proofs/cholesky.spec.ts',
    'spec/proofs/constants.spec.ts',
    'spec/proofs/rounding.spec.ts'
  ]
}
