// One ImpFlow or ResFlow block for `impflow conform`, in plain JavaScript. The protocol is in docs/protocol.md.
import { createInterface } from 'node:readline'
const TAU = 2 * Math.PI
const sigmoid = t => (t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t)))
const softplus = t => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)))
let flow
// Value, slope and curvature of every activation at t; b is the softplus of the raw beta.
const activations = {
  sin: t => [Math.sin(TAU * t) / TAU, Math.cos(TAU * t), -TAU * Math.sin(TAU * t)],
  tanh: (t, _b, y = Math.tanh(t), slope = (1 - y) * (1 + y)) => [y, slope, -2 * y * slope],
  elu: t => (t > 0 ? [t, 1, 0] : [Math.expm1(t), Math.exp(t), Math.exp(t)]),
  lcube: t => (Math.abs(t) < 1 ? [t ** 3 / 3, t * t, 2 * t] : [t - (Math.sign(t) * 2) / 3, 1, 0]),
  softplus: (t, _b, s = sigmoid(t)) => [softplus(t), s, s * (1 - s)],
  swish: (t, b, s = sigmoid(b * t), p = s * (1 - s)) =>
    [t * s, s + b * t * p, b * (2 * p + b * t * p * (1 - 2 * s))].map(v => v / 1.1)
}
// Vectors are arrays, matrices arrays of rows.
const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0)
const turn = A => A[0].map((_, j) => A.map(row => row[j]))
const times = (A, v) => A.map(row => dot(row, v))
const product = (A, B, columns = turn(B)) => A.map(row => times(columns, row))
const add = (a, b, t = 1) => a.map((v, i) => v + t * b[i])
const diagonal = v => v.map((w, i) => v.map((_, j) => (i === j ? w : 0)))
// Gauss-Jordan with row exchanges: the inverse, and the logarithm of the absolute determinant.
const inverted = (A, M = A.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])) => {
  const pivots = A.map((_, k) => {
    const best = M.reduce((at, row, i) => (i > k && Math.abs(row[k]) > Math.abs(M[at][k]) ? i : at), k)
    const pivot = M[best][k]
    ;[M[best], M[k]] = [M[k], M[best].map(v => v / pivot)]
    M.forEach((row, i) => (i === k ? row : (M[i] = add(row, M[k], -row[k]))))
    return Math.log(Math.abs(pivot))
  })
  return { inverse: M.map(row => row.slice(A.length)), logDet: pivots.reduce((a, b) => a + b, 0) }
}
// g(x), its Jacobian, and the stages passed: Jacobian up to there, Jacobian of the stage, curvatures if any.
const run = (net, x) => {
  let [h, J, betas, stages] = [x, diagonal(x.map(() => 1)), [...(net.beta ?? [])], []]
  const pass = (value, D, curvature) => ([h, J, stages] = [value, product(D, J), [...stages, [J, D, curvature]]])
  net.layers.forEach(({ W, b }, i) => {
    const raw = i > 0 || net.preact ? (betas.shift() ?? 0) : null
    const act = raw === null ? null : turn(h.map(t => activations[flow.activation](t, softplus(raw))))
    if (act) pass(act[0], diagonal(act[1]), act[2])
    pass(add(times(W, h), b), W, null)
  })
  return { value: h, J, stages }
}
const half = (net, x) => inverted(run(net, x).J.map((row, i) => row.map((v, j) => (i === j ? v + 1 : v))))
// The gradient of u.g(x) + s ln det(I + J(x)) in x: tr((I + J)^-1 dJ) is collected at every activation.
const pull = (net, x, u, s, { stages } = run(net, x)) =>
  stages.reduceRight(([v, M], [R, D, curvature]) => {
    const [columns, back] = [turn(M), times(turn(D), v)]
    return [curvature ? back.map((w, i) => w + curvature[i] * dot(R[i], columns[i])) : back, product(M, D)]
  }, [u, half(net, x).inverse.map(row => row.map(v => s * v))])[0]
// The v with v + g(v) = y: Newton's method with halved steps, until rounding lets nothing improve.
const root = (net, y, v = y) => {
  const residual = at => add(add(at, run(net, at).value), y, -1)
  const [F, { inverse: A }] = [residual(v), half(net, v)]
  const trials = [...Array(10)].map((_, k) => add(v, times(A, F), -(2 ** -k)))
  const next = trials.find(trial => Math.hypot(...residual(trial)) < Math.hypot(...F))
  if (!next && !(Math.hypot(...F) <= 1e-10 * (1 + Math.hypot(...y)))) fail('no root was found')
  return next ? root(net, y, next) : v
}

const forward = x => root(flow.g_z, add(x, run(flow.g_x, x).value))
const inverse = z => root(flow.g_x, add(z, run(flow.g_z, z).value))
const logDet = x => half(flow.g_x, x).logDet - half(flow.g_z, forward(x)).logDet
const logProb = (x, z = forward(x)) => logDet(x) - (dot(z, z) + x.length * Math.log(TAU)) / 2
const vjp = (x, u, s, { g_x, g_z } = flow, z = forward(x)) => {
  const y = times(turn(half(g_z, z).inverse), add(u, pull(g_z, z, u.map(() => 0), -s)))
  return add(y, pull(g_x, x, y, s))
}
const maps = { forward: ['z', forward, 'x'], inverse: ['x', inverse, 'z'], sample: ['x', inverse, 'noise'],
  log_det: ['log_det', logDet, 'x'], log_prob: ['log_prob', logProb, 'x'],
  vjp: ['x', vjp, 'x', 'cotangent_z', 'cotangent_log_det'] }

const fail = message => { throw new Error(message) }
const vector = (v, d) => v.length === d && v.every(Number.isFinite) ? v : fail(`expected ${d} finite numbers`)
const matrix = (A, columns) => Array.isArray(A) ? A.map(row => vector(row, columns)) : fail('expected rows of numbers')
const load = block => {
  const zeros = Array(block.d).fill(0) // the g_z of a ResFlow block
  flow = { ...block, g_z: block.g_z ?? { layers: [{ W: diagonal(zeros), b: zeros }] } }
  for (const { layers } of [flow.g_x, flow.g_z]) for (const { W, b } of layers) vector(b, matrix(W, W[0].length).length)
}
const answer = q => {
  const has = { capabilities: ['load', ...Object.keys(maps)], activations: Object.keys(activations) }
  if (q.op === 'describe') return { protocol: 1, name: 'impflow.mjs', ...has }
  if (q.op === 'load') return load(q.block)
  const [result, f, ...fields] = maps[q.op] ?? fail(`unknown operation ${q.op}`)
  const given = fields.map(name => name === 'cotangent_log_det' ? vector(q[name], q.x.length) : matrix(q[name], flow.d))
  return { [result]: given[0].map((_, i) => f(...given.map(list => list[i]))) }
}
for await (const line of createInterface({ input: process.stdin })) {
  const reply = { id: null, ok: true }
  try {
    reply.id = JSON.parse(line).id
    Object.assign(reply, answer(JSON.parse(line)))
  } catch (error) { Object.assign(reply, { ok: false, error: String(error) }) }
  console.log(JSON.stringify(reply))
}
