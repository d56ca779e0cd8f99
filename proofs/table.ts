/** A row of the table in proofs/README.md. */
export interface Row {
  readonly number: string
  /** The theorems of the cell "Coq": file and name. */
  readonly theorems: readonly { readonly file: string; readonly name: string }[]
  /** The words of the cell "axioms", which axioms.txt explains. */
  readonly axioms: readonly string[]
  /** The statements of the cell "law". */
  readonly laws: readonly string[]
}

const cellsOf = (line: string): readonly string[] =>
  line
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replaceAll('\\|', '|'))

const quoted = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] as string)

/**
 * The rows of every table whose header is | # | paper | what changes | statement here | Coq | axioms | law |. Theorems are
 * written `File.v:name`, laws in backquotes, as the specs state them.
 */
export const rowsOf = (readme: string): readonly Row[] => {
  const lines = readme.split('\n')
  return lines.flatMap((line, at) => {
    if (!/^\|\s*#\s*\|/.test(line)) return []
    const end = lines.findIndex((other, i) => i > at && !other.startsWith('|'))
    return lines.slice(at + 2, end < 0 ? undefined : end).map(row => {
      const [number = '', , , , coq = '', axioms = '', law = ''] = cellsOf(row)
      const theorems = quoted(coq).map(text => {
        const [file = '', name = ''] = text.split(':')
        return { file, name }
      })
      return { number, theorems, axioms: axioms.split(/,\s*/).filter(word => word !== '-'), laws: quoted(law) }
    })
  })
}
