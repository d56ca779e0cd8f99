import { either as E } from 'fp-ts'
import { regress, lossProgram } from './steepFit.js'
import { onnxBackend } from '../interpret/onnx/onnxBackend.js'
import { certify } from '../flow/certify.js'
import { compileDensity } from '../distribution/evaluate.js'
import { defaultOptimiser } from '../train/update.js'
const [cfg] = process.argv.slice(2)
const o = { model: 'impflow', blocks: 1, hidden: [64], activation: 'lipSwish', coefficient: 0.999, steps: 3000, lr: 3e-3, power: 8, seed: 0, n: 256, prec: 'float32', beta2: 0.99, ...JSON.parse(cfg ?? '{}') }
const backend = onnxBackend(o.prec)
const t = (x: number) => x < 0 ? 0.1 * x : 10 * x
const x = Array.from({ length: o.n }, (_, i) => -1 + 2 * i / (o.n - 1))
const architecture = { model: o.model, dimension: 1, blocks: o.blocks, hidden: o.hidden, activation: o.activation, coefficient: o.coefficient }
const t0 = Date.now()
const r = await regress(backend, { architecture, optimiser: { ...defaultOptimiser, beta2: o.beta2 }, schedule: { learningRate: o.lr, warmup: 50 }, steps: o.steps, power: o.power, seed: o.seed }, x, x.map(t),
  (s, l) => { if (s % Math.ceil(o.steps / 10) === 0) console.log(s, l.toFixed(5)) })()
const secs = (Date.now() - t0) / 1000
if (E.isLeft(r)) { console.log(r); process.exit(1) }
const c = certify(architecture, r.right)
if (E.isLeft(c)) { console.log(c); process.exit(1) }
const f = Float64Array.from({ length: 4001 }, (_, i) => -1 + i / 2000)
const d = await compileDensity(onnxBackend('float64'), { architecture, effective: c.right.effective, norms: c.right.norms, standardisation: null }, { threads: 1 })()
if (E.isLeft(d)) { console.log(d); process.exit(1) }
const e = await d.right({ rows: f.length, columns: 1, values: f })()
if (E.isLeft(e)) { console.log(e); process.exit(1) }
let sup = 0, at = 0
const errs = Array.from(e.right.latents, (z, i) => { const q = z - t(f[i]!); if (Math.abs(q) > sup) { sup = Math.abs(q); at = f[i]! } return q })
console.log(JSON.stringify({ ...o, sup: +sup.toFixed(4), at, c: c.right.lipschitzBound, secs, root: Math.max(...e.right.rootErrorBound), it: Math.max(...e.right.solverSteps), conv: e.right.converged.every(q => q) }))
console.log('errs', [-1, -.5, -.1, -.05, -0.02, -.01, 0, .01, 0.02, .05, .1, .2, .5, .8, 1].map(a => a + ':' + errs[Math.round((a + 1) * 2000)]!.toFixed(3)).join(' '))
