/** What is mutated, and by which specs: those of the folder, and the laws that anyone can run. */
export const folders: Readonly<Record<string, readonly string[]>> = {
  rewrite: ['spec/rewrite/**/*.spec.ts'],
  solve: ['spec/solve/**/*.spec.ts', 'spec/laws/solver.spec.ts'],
  logdet: ['spec/logdet/**/*.spec.ts'],
  flow: ['spec/flow/**/*.spec.ts', 'spec/laws/bijection.spec.ts'],
  lipschitz: ['spec/lipschitz/**/*.spec.ts', 'spec/laws/contractive.spec.ts']
}
