import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { nodesOf, placeOf, type Source, sourcesIn } from './sources.js'

const sources = sourcesIn('src')

/** Places of the nodes that a rule forbids. */
const offences = (forbidden: (node: ts.Node) => boolean, files: readonly Source[] = sources): readonly string[] =>
  files.flatMap(source =>
    nodesOf(source)
      .filter(forbidden)
      .map(node => placeOf(source, node))
  )

const outside = (...folders: readonly string[]): readonly Source[] =>
  sources.filter(({ path }) => !folders.some(folder => path.startsWith(`src/${folder}`)))

const calls =
  (pattern: RegExp) =>
  (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) || ts.isNewExpression(node)) && pattern.test(node.getText())

describe('the code is values and functions', () => {
  it('has no class, this, enum, namespace or decorator', () => {
    expect(
      offences(
        node =>
          ts.isClassLike(node) ||
          ts.isEnumDeclaration(node) ||
          ts.isModuleDeclaration(node) ||
          ts.isDecorator(node) ||
          node.kind === ts.SyntaxKind.ThisKeyword
      )
    ).toEqual([])
  })

  it('throws in prelude/defect.ts only', () => {
    const others = sources.filter(({ path }) => path !== 'src/prelude/defect.ts')
    expect(offences(ts.isThrowStatement, others)).toEqual([])
    expect(offences(ts.isThrowStatement)).toHaveLength(1)
  })

  it('has no any, no default export, no non-null assertion, no var', () => {
    expect(
      offences(
        node =>
          node.kind === ts.SyntaxKind.AnyKeyword ||
          (node.kind === ts.SyntaxKind.DefaultKeyword && ts.isFunctionDeclaration(node.parent)) ||
          ts.isExportAssignment(node) ||
          ts.isNonNullExpression(node) ||
          (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0)
      )
    ).toEqual([])
  })

  it('has no variable state of modules', () => {
    expect(
      offences(
        node =>
          ts.isVariableStatement(node) &&
          ts.isSourceFile(node.parent) &&
          (node.declarationList.flags & ts.NodeFlags.Let) !== 0
      )
    ).toEqual([])
  })

  it('draws no random numbers but from keys, and knows clock, process and console in cli only', () => {
    expect(offences(calls(/^Math\.random$/))).toEqual([])
    const pure = outside('cli/', 'data/file.ts', 'interpret/onnx/workers.ts', 'train/runFolder')
    expect(offences(calls(/^(Date\.|new Date\b|performance\.|process\.|console\.|globalThis\.)/), pure)).toEqual([])
  })
})

describe('the files', () => {
  it('have at most 200 lines, but for the list of what is public', () => {
    const long = sources.map(({ path, text }) => [path, text.trimEnd().split('\n').length] as const)
    expect(long.filter(([path, lines]) => lines > 200 && !path.endsWith('src/index.ts'))).toEqual([])
  })

  it('are named for what they say: none is called utils, helpers, common, misc, core or base', () => {
    expect(
      sources
        .filter(({ path }) => /\/(utils?|helpers?|common|misc|core|base|index)\.ts$/.test(path))
        .map(({ path }) => path)
    ).toEqual(['src/index.ts'])
  })

  it('know no path of the machine they were written on', () => {
    const all = [...sources, ...sourcesIn('spec'), ...sourcesIn('bench')]
    const absolute = (node: ts.Node): boolean =>
      ts.isStringLiteralLike(node) && /^\/(work|tmp|root|home|Users|farm)\//.test(node.text)
    expect(offences(absolute, all)).toEqual([])
  })

  it('register every primitive in tensor/primitives.ts', () => {
    const declared = sources
      .filter(({ path }) => path.startsWith('src/tensor/primitives/'))
      .flatMap(({ text }) => [...text.matchAll(/^export const (\w+Primitive)\b/gm)].map(match => match[1] as string))
    const registry = sources.find(({ path }) => path === 'src/tensor/primitives.ts')?.text ?? ''
    expect(declared.length).toBeGreaterThan(30)
    expect(declared.filter(name => !new RegExp(`: ${name}\\b`).test(registry))).toEqual([])
  })
})
