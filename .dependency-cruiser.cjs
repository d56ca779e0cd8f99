/**
 * The layers of src, from the lowest up: a module imports from its own folder and from those before it.
 * `spec/architecture/layers.spec.ts` runs these rules, and shows that they bite.
 */
const layers = [
  'checker',
  'prelude',
  'tensor',
  'rewrite',
  'random',
  'interpret',
  'net',
  'lipschitz',
  'solve',
  'logdet',
  'flow',
  'data',
  'distribution',
  'certificate',
  'interop',
  'train',
  'experiment',
  'plot',
  'laws',
  'conform',
  'cli'
]

/** Where Node's own modules may be met: the commands, the data reader, the run folder. */
const withNode = '^src/(cli/|checker/|data/file\\.ts$|interpret/onnx/workers\\.ts$|train/runFolder)'

/** Packages with native code, and where they may be met. */
const native = [
  { package: 'onnxruntime-node', from: '^src/interpret/onnx/' },
  { package: 'gpu\\.js', from: '^src/interpret/gpu/' },
  { package: 'webgpu', from: '^src/interpret/gpu/' },
  { package: '@resvg/resvg-js', from: '^src/plot/drawing/' }
]

const upwards = layers.slice(0, -1).map((layer, i) => ({
  name: `${layer}-imports-no-higher-layer`,
  comment: 'Imports point down the list of layers only.',
  severity: 'error',
  from: { path: `^src/${layer}/` },
  to: { path: `^src/(${layers.slice(i + 1).join('|')})/` }
}))

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: 'no-unknown-layer',
      comment: 'A folder of src that the list of layers does not have.',
      severity: 'error',
      from: { path: `^src/(?!(${layers.join('|')})/)[^/]+/` },
      to: {}
    },
    {
      name: 'nobody-imports-the-barrel',
      comment: 'src/index.ts is for users; inside, import the file itself.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/index\\.ts$' }
    },
    {
      name: 'no-cycle',
      comment: 'Only primitives may need each other: their derivatives do.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/tensor/primitives/' },
      to: { circular: true }
    },
    {
      name: 'no-cycle-through-primitives',
      comment: 'A cycle among primitives stays among primitives.',
      severity: 'error',
      from: { path: '^src/tensor/primitives/' },
      to: { circular: true, via: { pathNot: '^src/tensor/primitives/' } }
    },
    {
      name: 'node-at-the-edge',
      comment: 'The core is pure: only commands, data readers and the run folder know Node.',
      severity: 'error',
      from: { path: '^src/', pathNot: withNode },
      to: { dependencyTypes: ['core'] }
    },
    ...native.map(({ package: name, from }) => ({
      name: `${name.replace(/\W+/g, '-')}-in-its-place`,
      comment: 'Native code is optional, and met in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: from },
      to: { path: `node_modules/${name}/` }
    })),
    {
      name: 'no-development-package',
      comment: 'What ships imports what ships.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true }
    },
    {
      name: 'src-knows-no-spec',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(spec|bench|proofs|dist)/' }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] }
  }
}
