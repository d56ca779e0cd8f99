const loads = 'spec/architecture/loads.spec.ts'

/** What is mutated, and by which specs: those of the folder, the laws that anyone can run, and comparisons with the proofs. */
export const folders: Readonly<Record<string, readonly string[]>> = {
  rewrite: [loads, 'spec/rewrite/**/*.spec.ts'],
  solve: [loads, 'spec/solve/**/*.spec.ts', 'spec/rewrite/roots.spec.ts', 'spec/laws/solver.spec.ts'],
  logdet: [
    loads,
    'spec/logdet/**/*.spec.ts',
    'spec/proofs/roulette.spec.ts',
    'spec/proofs/neumann.spec.ts',
    'spec/proofs/constants.spec.ts',
    'spec/laws/estimator.spec.ts'
  ],
  flow: [loads, 'spec/flow/**/*.spec.ts', 'spec/laws/bijection.spec.ts'],
  lipschitz: [
    loads,
    'spec/lipschitz/**/*.spec.ts',
    'spec/laws/contractive.spec.ts',
    'spec/proofs/cholesky.spec.ts',
    'spec/proofs/constants.spec.ts',
    'spec/proofs/rounding.spec.ts'
  ]
}
