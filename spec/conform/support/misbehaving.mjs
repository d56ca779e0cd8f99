// The identity of the plane for `impflow conform`, which fails in a way of its own: node misbehaving.mjs [HOW].
import { createInterface } from 'node:readline'

const [, , how = 'well'] = process.argv
const rows = given => {
  const good = row => Array.isArray(row) && row.length === 2 && row.every(Number.isFinite)
  if (!Array.isArray(given) || !given.every(good)) throw new Error('expected rows of 2 finite numbers')
  return given
}
const logProb = ([a, b]) => -(a * a + b * b) / 2 - Math.log(2 * Math.PI)
const maps = {
  describe: () => ({
    protocol: how === 'future' ? 2 : 1,
    name: 'identity',
    capabilities: Object.keys(maps),
    dimension: 2
  }),
  forward: ({ x }) => ({ z: rows(x) }),
  inverse: ({ z }) => ({ x: rows(z) }),
  sample: ({ noise }) => ({ x: rows(noise) }),
  log_det: ({ x }) => ({ log_det: rows(x).map(() => 0) }),
  log_prob: ({ x }) => ({ log_prob: rows(x).map(logProb) }),
  vjp: ({ x, cotangent_z: u }) => ({ x: rows(x) && rows(u) })
}
const write = (text, then) => process.stdout.write(text, then)
const say = (id, rest) => write(`${JSON.stringify({ id, ...rest })}\n`)

// What is done in the place of an answer to `inverse`, and in some cases to everything.
const ways = {
  silent: () => {},
  late: q => setTimeout(() => say(q.id, { ok: true, x: q.z }), 3000),
  crash: () => {
    console.error('Segmentation fault, or so')
    process.exit(3)
  },
  middle: q => write(`{"id": ${q.id}, "ok": true, "x": [[0.1,`, () => process.exit(0)),
  garbage: () => write('epoch 1: loss 0.3\n'),
  huge: () => setInterval(() => write('['.repeat(1 << 22)), 1),
  flood: () => setInterval(() => write('0\n'.repeat(1 << 20)), 1),
  array: () => write('[]\n'),
  shape: q => say(q.id, { ok: true, x: q.z.map(([a]) => [a]) }),
  missing: q => say(q.id, { ok: true }),
  words: q => say(q.id, { ok: true, x: q.z.map(() => ['much', 'more']) }),
  nan: q => say(q.id, { ok: true, x: q.z.map(() => ['NaN', 0]) }),
  bareNan: q => write(`{"id": ${q.id}, "ok": true, "x": [[NaN, 0]]}\n`),
  otherId: q => say(q.id + 1, { ok: true, x: q.z }),
  twice: q => say(q.id, { ok: true, x: q.z }) && say(q.id, { ok: true, x: q.z }),
  notOk: q => say(q.id, { ok: 'yes', x: q.z }),
  refuses: q => say(q.id, { ok: false, error: 'not today' }),
  closes: () => process.stdout.end() && setTimeout(() => {}, 60_000),
  binary: () => process.stdout.write(Buffer.from([0xff, 0xfe, 0, 10]))
}
if (how === 'exits') process.exit(1)
if (how === 'banner') write('Welcome to the identity\n')
if (how === 'stays') process.on('SIGTERM', () => {}) && setInterval(() => {}, 1000)

for await (const line of createInterface({ input: process.stdin })) {
  let id = null
  try {
    const q = JSON.parse(line)
    id = q.id
    if (q.op === 'inverse' && ways[how]) ways[how](q)
    else if (how === 'accepts' && q.op === 'forward') say(id, { ok: true, z: q.x ?? [] })
    else say(id, { ok: true, ...maps[q.op](q) })
  } catch (error) {
    if (how === 'dies at nonsense') process.exit(4)
    say(id, { ok: false, error: String(error) })
  }
}
