import { either as E } from 'fp-ts'
import type { Case } from '../../conform/case.js'
import { casesFor, type Description, type Plan } from '../../conform/cases.js'
import { parseDescription } from '../../conform/describe.js'
import type { Law } from '../../conform/law.js'
import { laws } from '../../conform/laws.js'
import { readAnswer, toLine } from '../../conform/protocol.js'
import { type Asking, attempt, demand, type Trouble } from '../../conform/question.js'
import { begun, judged, troubled, type Verdict } from '../../conform/verdict.js'
import type { Peer } from './peer.js'

/** What an examination needs of the world. */
export interface Examiner {
  /** Starts the implementation anew. */
  readonly start: () => Peer
  /** Milliseconds that an answer may take. */
  readonly patience: number
  readonly interrupted: () => boolean
  /** Told before every case. */
  readonly progress: (done: number, cases: number) => void
}

/** What an implementation said of itself, and how every law fared. */
export interface Examination {
  readonly name: string | null
  readonly verdicts: readonly Verdict[]
}

interface Asked<A> {
  readonly result: E.Either<Trouble, A>
  readonly lines: readonly string[]
}

/** The implementation while it is examined: its process, which is started again where it has failed. */
const session = ({ start, patience }: Examiner) => {
  let [peer, id]: [Peer | null, number] = [null, 0]
  return {
    /** Runs a computation to its end or to the first question without an answer, after which the process is ended. */
    run: async <A>(asking: Asking<A>): Promise<Asked<A>> => {
      const current = peer ?? start()
      peer = current
      const lines: string[] = []
      let step = asking.next()
      while (step.done !== true) {
        const [question, number] = [step.value, ++id]
        const line = toLine(number, question)
        lines.push(line)
        const answer = E.flatMap((text: string) => readAnswer(number, question, text))(
          await current.ask(line, patience)
        )
        if (E.isLeft(answer)) {
          const { kind, message } = answer.left
          peer = null
          await current.end(true)
          return { result: E.left({ kind, message: `${question.op}: ${message}` }), lines }
        }
        step = asking.next(answer.right)
      }
      return { result: E.right(step.value), lines }
    },
    fresh: (): boolean => peer === null,
    end: async (): Promise<void> => peer?.end(false)
  }
}

const describing = { id: 'describe', statement: 'describe says what the implementation is and can do' }
const loading = { id: 'load', statement: 'load takes every block with the activations described' }

const reasonNotRun = (law: Law, cases: readonly Case[]): string => {
  const lacking = law.needs.filter(capability => cases[0]?.can(capability) === false)
  return lacking.length > 0 ? `it does not do ${lacking.join(', ')}` : 'no case that it is about'
}

/** Whether a law can be run on a case, and was answered so far. */
const applies = (law: Law, c: Case, { verdict, reason }: Verdict): boolean =>
  law.needs.every(c.can) && law.about(c) && !(verdict === 'failed' && reason !== null)

type Verdicts = ReadonlyMap<string, Verdict>

/** Runs the laws on a case, whose block is loaded first and whenever the process is a new one. */
const examineCase = async (
  world: ReturnType<typeof session>,
  c: Case,
  before: Verdicts,
  interrupted: () => boolean
): Promise<Verdicts> => {
  const verdicts = new Map(before)
  let load: readonly string[] | null = null
  for (const law of laws.filter(law => applies(law, c, verdicts.get(law.id) as Verdict))) {
    if (interrupted()) return verdicts
    if (c.block !== null && (load === null || world.fresh())) {
      const so = verdicts.get('load') as Verdict
      const { result, lines } = await world.run(demand('load', { block: c.block }))
      verdicts.set('load', E.isLeft(result) ? troubled(so, c.name, result.left, lines) : judged(so, c.name, [], lines))
      if (E.isLeft(result)) return verdicts
      load = lines
    }
    const so = verdicts.get(law.id) as Verdict
    const { result, lines } = await world.run(law.check(c))
    const all = [...(load ?? []), ...lines]
    verdicts.set(
      law.id,
      E.isLeft(result) ? troubled(so, c.name, result.left, all) : judged(so, c.name, result.right, all)
    )
  }
  return verdicts
}

/** Runs the laws on every case. A law without an answer is not asked again; without `load`, nothing is. */
const examineCases = async (
  world: ReturnType<typeof session>,
  cases: readonly Case[],
  { interrupted, progress }: Examiner
): Promise<readonly Verdict[]> => {
  let verdicts: Verdicts = new Map([
    [loading.id, begun(loading, 'it does not do load')],
    ...laws.map(law => [law.id, begun(law, reasonNotRun(law, cases))] as const)
  ])
  for (const [number, c] of cases.entries()) {
    if (interrupted() || verdicts.get('load')?.verdict === 'failed') break
    progress(number, cases.length)
    verdicts = await examineCase(world, c, verdicts, interrupted)
  }
  return [...verdicts.values()]
}

/** Asks an implementation what it is, and runs every law that it can be asked about. */
export const examine = async (examiner: Examiner, plan: Plan): Promise<Examination> => {
  const world = session(examiner)
  const { result, lines } = await world.run(attempt('describe', {}))
  const described = E.flatMap(
    (answer: Parameters<typeof parseDescription>[0]): E.Either<Trouble, Description> =>
      E.mapLeft((message: string): Trouble => ({ kind: 'garbage', message: `describe: ${message}` }))(
        parseDescription(answer)
      )
  )(result)
  const first = begun(describing, '')
  if (E.isLeft(described)) {
    await world.end()
    const others = [loading, ...laws].map(law => begun(law, 'describe failed'))
    return { name: null, verdicts: [troubled(first, 'at the start', described.left, lines), ...others] }
  }
  const cases = casesFor(described.right, plan)
  const verdicts = await examineCases(world, cases, examiner)
  await world.end()
  return { name: described.right.name, verdicts: [judged(first, 'at the start', [], lines), ...verdicts] }
}
