/** A mutant as Stryker reports it. */
interface Mutant {
  readonly id: string
  readonly mutatorName: string
  readonly replacement?: string | undefined
  readonly status: string
  readonly location: { readonly start: Position; readonly end: Position }
}

interface Position {
  readonly line: number
  readonly column: number
}

/** Stryker's JSON report, as far as it is read here. */
export interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

const open = ['Survived', 'NoCoverage', 'Ignored']

/**
 * What is left to run after a report, as Stryker's patterns: the lines of mutants that survived or were not run, and whole
 * files that are new or have changed since.
 * @param sources the files as they are
 */
export const leftOver = ({ files }: StrykerReport, sources: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(sources).flatMap(([file, source]) => {
    const known = files[file]
    if (known === undefined || known.source !== source) return [file]
    return known.mutants
      .filter(({ status }) => open.includes(status))
      .map(({ location: { start, end } }) => `${file}:${start.line}-${end.line}`)
  })

const keyOf = ({ mutatorName, replacement, location }: Mutant): string =>
  JSON.stringify([mutatorName, replacement, location.start, location.end])

/** A report with what a later run found out: mutants that it ran anew replace theirs, files that changed are the later ones. */
export const merged = (
  { files }: StrykerReport,
  later: StrykerReport,
  sources: Readonly<Record<string, string>>
): StrykerReport => ({
  files: Object.fromEntries(
    Object.entries(sources).flatMap(([file, source]) => {
      const [before, after] = [files[file], later.files[file]]
      if (before === undefined || before.source !== source) return after === undefined ? [] : [[file, after]]
      const anew = new Map((after?.mutants ?? []).map(mutant => [keyOf(mutant), mutant]))
      return [[file, { source, mutants: before.mutants.map(mutant => anew.get(keyOf(mutant)) ?? mutant) }]]
    })
  )
})

const counted = ['Killed', 'Timeout', 'Survived', 'NoCoverage']

/** What became of the mutants of a folder. */
export interface FolderResult {
  readonly folder: string
  /** Seen by a failing spec, or by a run that does not end. */
  readonly killed: number
  readonly survived: number
  /** Left out because only loading a module executes them. */
  readonly left: number
  /** Where, and what was put there. */
  readonly survivors: readonly string[]
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('`', "'")

/** The numbers of a report; what does not compile or fails to run is no mutant. */
export const resultOf = (folder: string, { files }: StrykerReport): FolderResult => {
  const mutants = Object.entries(files).flatMap(([file, found]) =>
    found.mutants.filter(({ status }) => counted.includes(status)).map(mutant => ({ file, mutant }))
  )
  const alive = mutants.filter(({ mutant }) => mutant.status === 'Survived' || mutant.status === 'NoCoverage')
  return {
    folder,
    killed: mutants.length - alive.length,
    survived: alive.length,
    left: Object.values(files).reduce((n, { mutants: all }) => n + all.filter(m => m.status === 'Ignored').length, 0),
    survivors: alive.map(
      ({ file, mutant: { location, replacement = '', mutatorName } }) =>
        `${file}:${location.start.line} ${mutatorName}: \`${oneLine(replacement).slice(0, 90)}\``
    )
  }
}

const percent = ({ killed, survived }: Pick<FolderResult, 'killed' | 'survived'>): string =>
  ((100 * killed) / Math.max(1, killed + survived)).toFixed(1)

/** The section of one folder. */
export const section = (result: FolderResult): string =>
  [
    `## src/${result.folder}`,
    '',
    `${result.killed} of ${result.killed + result.survived} mutants killed, ${percent(result)} %.${
      result.left === 0 ? '' : ` ${result.left} that act only while a module is loaded were not run.`
    }`,
    ...(result.survivors.length === 0 ? [] : ['', 'Survivors:', '', ...result.survivors.map(line => `- ${line}`)]),
    ''
  ].join('\n')
