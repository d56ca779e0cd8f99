import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { nodesOf, placeOf, sourcesIn } from '../../architecture/sources.js'

/** Functions of Math that ECMAScript does not leave to the implementation. */
const exact = ['abs', 'ceil', 'floor', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc']

describe('certificates', () => {
  it('come from operations whose rounding ECMAScript fixes: no other Math function and no power of floats', () => {
    const sources = sourcesIn('src').filter(({ path }) => path.startsWith('src/interpret/interval/'))
    const approximate = sources.flatMap(source =>
      nodesOf(source)
        .filter(
          node =>
            (ts.isPropertyAccessExpression(node) &&
              node.expression.getText() === 'Math' &&
              !exact.includes(node.name.text)) ||
            node.kind === ts.SyntaxKind.AsteriskAsteriskToken
        )
        .map(node => placeOf(source, node))
    )
    expect(sources.length).toBeGreaterThan(8)
    expect(approximate).toEqual([])
  })
})
