import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as api from '../../src/index.js'
import { root, sourcesIn } from '../architecture/sources.js'
import { inPlainNode, shownSource } from './plainNode.js'

/** An example of a doc comment: `@example code // => value`, of which the last statement is an expression. */
interface Example {
  /** The file that it stands in: what the file exports may be used too. */
  readonly place: string
  readonly names: readonly string[]
  readonly code: string
  readonly value: string
}

const exportsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^export const (\w+)/gm)].map(match => match[1] as string)

const examples = sourcesIn('src').flatMap(({ path, text }) =>
  [...text.matchAll(/@example (.*?) \/\/ => (.*?)(?: \*\/)?$/gm)].map(
    ([, code, value]): Example => ({
      place: path,
      code: code as string,
      value: value as string,
      names: exportsOf(text)
    })
  )
)

const parsed = (code: string): ts.SourceFile => ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true)

/** An example as what a function needs: parameters from the API or its own file, and a body that returns two values. */
const scripted = ({ place, code, value, names }: Example) => {
  const last = parsed(code).statements.at(-1)
  const found = last === undefined || !ts.isExpressionStatement(last) ? undefined : last.expression.getText()
  const used = [...new Set([...Object.keys(api), ...names])].filter(name =>
    new RegExp(`\\b${name}\\b`).test(code + value)
  )
  return {
    own: place.replace(/^src/, './dist').replace(/ts$/, 'js'),
    used,
    body: `${code.slice(0, last?.getStart())}\nreturn [shown(await (${found})), shown(${value})]`
  }
}

/** Numbers that agree to 12 digits are equal. */
const near = (value: unknown): unknown => {
  if (typeof value === 'number') return expect.closeTo(value, 12)
  if (Array.isArray(value)) return value.map(near)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, near(child)]))
}

/** A TypeScript block whose statements may end in `// => value`, as a module that prints what it found and promised. */
const moduleOf = (block: string): string => {
  const source = parsed(block)
  const pieces = source.statements.map(statement => {
    const line = block.slice(statement.getEnd()).split('\n')[0] ?? ''
    const promised = /^\s*\/\/ => (.*)$/.exec(line)?.[1]
    return promised !== undefined && ts.isExpressionStatement(statement)
      ? `__found.push([shown(await (${statement.expression.getText()})), shown(${promised})])`
      : statement.getText()
  })
  const code = `${shownSource}\nconst __found = []\n${pieces.join('\n')}\nconsole.log(JSON.stringify(__found))`
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true }
  return ts.transpileModule(code, { compilerOptions }).outputText
}

const readme = existsSync(join(root, 'README.md')) ? readFileSync(join(root, 'README.md'), 'utf8') : ''
const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(match => match[1] as string)

describe('examples of doc comments', () => {
  const code = `${shownSource}
    import * as api from 'impflow'
    const found = []
    for (const { own, used, body } of ${JSON.stringify(examples.map(scripted))})
      try {
        const scope = { ...api, ...(await import(own)) }
        const example = new (async () => {}).constructor('shown', ...used, body)
        found.push(await example(shown, ...used.map(name => scope[name])))
      } catch (error) {
        found.push([String(error), 'no error'])
      }
    console.log(JSON.stringify(found))`
  const found = inPlainNode(code) as readonly (readonly [unknown, unknown])[]

  it.each(examples.map((example, i) => ({ ...example, i })))('$place: $code', ({ i }) => {
    const [value, promised] = found[i] ?? []
    expect(value).toEqual(near(promised))
  })

  it('are all written as `@example code // => value`', () => {
    const tags = sourcesIn('src').reduce((count, { text }) => count + (text.match(/@example/g)?.length ?? 0), 0)
    expect(tags).toBe(examples.length)
  })
})

describe.runIf(blocks.length > 0)('blocks of README.md', () => {
  it.each(blocks.map((block, i) => ({ block, title: `${i + 1}: ${block.split('\n')[0]}` })))('$title', ({ block }) => {
    for (const [value, promised] of inPlainNode(moduleOf(block)) as readonly (readonly [unknown, unknown])[])
      expect(value).toEqual(near(promised))
  })
})
