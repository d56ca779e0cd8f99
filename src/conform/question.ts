/** What an implementation is asked, one line of JSON. */
export interface Question {
  readonly op: string
  readonly fields: Readonly<Record<string, unknown>>
  /** The shapes of the numbers that the answer must hold, by their paths; null where a refusal is an answer too. */
  readonly want: Readonly<Record<string, readonly number[]>> | null
  /** Sent in the place of the question as it is, to see what becomes of a line that is none. */
  readonly line: string | null
}

/** An answer as it was read; the fields that were wanted hold finite numbers of the shapes wanted. */
export type Answer = Readonly<Record<string, unknown>>

/** Why there is no answer that can be used. */
export interface Trouble {
  readonly kind: 'timed out' | 'died' | 'garbage' | 'too long' | 'refused' | 'wrong shape' | 'not finite'
  readonly message: string
}

/** A computation that asks on its way; whoever runs it answers, or ends it when there is no answer. */
export type Asking<A> = Generator<Question, A, Answer>

export type Row = readonly number[]
export type Rows = readonly Row[]

const question = (op: string, fields: Question['fields'], want: Question['want']): Question => ({
  op,
  fields,
  want,
  line: null
})

/** A question to which a refusal is an answer. */
export function* attempt(op: string, fields: Question['fields']): Asking<Answer> {
  return yield question(op, fields, null)
}

/** A line that is no question. */
export function* attemptLine(line: string): Asking<Answer> {
  return yield { ...question('a line that is not JSON', {}, null), line }
}

/** A question whose answer has no numbers. */
export function* demand(op: string, fields: Question['fields']): Asking<Answer> {
  return yield question(op, fields, {})
}

const rowsFrom = (op: string, from: string, to: string) =>
  function* (rows: Rows, dimension: number): Asking<Rows> {
    const answer = yield question(op, { [from]: rows }, { [to]: [rows.length, dimension] })
    return answer[to] as Rows
  }

const rowFrom = (op: string) =>
  function* (x: Rows): Asking<Row> {
    const answer = yield question(op, { x }, { [op]: [x.length] })
    return answer[op] as Row
  }

/** Images of points, [n d] -> [n d]. */
export const forward = rowsFrom('forward', 'x', 'z')
/** Points of images, [n d] -> [n d]. */
export const inverse = rowsFrom('inverse', 'z', 'x')
/** Points made from noise, [n d] -> [n d]. */
export const sample = rowsFrom('sample', 'noise', 'x')
/** ln |det dz/dx| at points, [n d] -> [n]. */
export const logDet = rowFrom('log_det')
/** ln p at points, nats, [n d] -> [n]. */
export const logProb = rowFrom('log_prob')

/** The gradient of sum_n u_n . z_n + s_n log_det_n in x. shape [n d], [n d], [n] -> [n d] */
export function* vjp(x: Rows, u: Rows, s: Row, dimension: number): Asking<Rows> {
  const fields = { x, cotangent_z: u, cotangent_log_det: s }
  const answer = yield question('vjp', fields, { x: [x.length, dimension] })
  return answer['x'] as Rows
}

/** A net whose gradients are wanted: only the lengths of its arrays count. */
interface NetShape {
  readonly layers: readonly { readonly W: Rows; readonly b: Row }[]
  readonly beta: Row
}

/**
 * The gradients of sum_n u_n . z_n + s_n log_det_n in the numbers of g_x, then of g_z: for every layer the weight,
 * row-major, and the bias, then the betas.
 * @param nets the nets of the block, null for one that it has not
 */
export function* vjpWeights(x: Rows, u: Rows, s: Row, nets: readonly (NetShape | null)[]): Asking<readonly Row[]> {
  const fields = { x, cotangent_z: u, cotangent_log_det: s, weights: true }
  const wanted = nets.flatMap((net, k) => {
    const side = k === 0 ? 'g_x' : 'g_z'
    if (net === null) return []
    return [
      ...net.layers.flatMap(({ W, b }, i) => [
        [`${side}.layers.${i}.W`, [W.length, W[0]?.length ?? 0]] as const,
        [`${side}.layers.${i}.b`, [b.length]] as const
      ]),
      [`${side}.beta`, [net.beta.length]] as const
    ]
  })
  const answer = yield question('vjp', fields, Object.fromEntries(wanted))
  return wanted.map(([path]) => (answer[path] as readonly (number | Row)[]).flat())
}
