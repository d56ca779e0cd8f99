/**
 * The same SVG with its ids renamed `<prefix>1`, `<prefix>2`, ... in order of first appearance. Vega numbers clip paths
 * and gradients with counters that never restart, so the same chart drawn twice would differ; and two charts put on
 * one sheet would share ids.
 * @example canonicalIds('a')('<g id="c7" clip-path="url(#c7)"/>') // => '<g id="a1" clip-path="url(#a1)"/>'
 */
export const canonicalIds =
  (prefix: string) =>
  (svg: string): string => {
    const found = [...svg.matchAll(/\bid="([^"]+)"/g)].map(match => match[1] ?? '')
    const names = new Map([...new Set(found)].map((id, i) => [id, `${prefix}${i + 1}`]))
    return svg.replace(
      /\b(id="|url\(#|href="#)([^")]+)/g,
      (_whole, opening: string, id: string) => `${opening}${names.get(id) ?? id}`
    )
  }
