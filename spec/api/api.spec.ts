import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as api from '../../src/index.js'
import { root } from '../architecture/sources.js'

const [barrel, contracts] = [join(root, 'src/index.ts'), join(root, 'spec/api/contracts.ts')]
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent({ ...config, files: [barrel, contracts], include: [] }, ts.sys, root)
const program = ts.createProgram([barrel, contracts], options)
const checker = program.getTypeChecker()

/** What the barrel exports, by the public name. */
const exported = (): readonly (readonly [string, ts.Symbol])[] => {
  const file = program.getSourceFile(barrel)
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file)
  return module === undefined
    ? []
    : checker
        .getExportsOfModule(module)
        .map(symbol => [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol])
}

describe('the public API', () => {
  it('says of every export what it is', () => {
    const all = exported()
    const silent = all.filter(([, symbol]) => symbol.getDocumentationComment(checker).length === 0)
    expect(all.length).toBeGreaterThan(150)
    expect(silent.map(([name]) => name)).toEqual([])
  })

  it('keeps to itself what could break a tensor', () => {
    const internal = ['constantOwning', 'numbersOf', 'apply', 'close', 'open', 'primitives', 'defect', 'program']
    expect(internal.filter(name => name in api)).toEqual([])
  })

  it('refuses by types what spec/api/contracts.ts lists', () => {
    const file = program.getSourceFile(contracts)
    const errors = program.getSemanticDiagnostics(file).map(({ messageText }) => messageText)
    expect(errors).toEqual([])
    expect(file?.text.match(/@ts-expect-error/g)?.length).toBeGreaterThan(10)
  })
})
