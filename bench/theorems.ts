import { writeFileSync } from 'node:fs'
import { taskEither as TE } from 'fp-ts'
import { must } from '../spec/support/must.js'
import type { Points } from '../src/data/points.js'
import { r3Factors } from '../src/experiment/r3Witness.js'
import { theorem2Block } from '../src/experiment/theorem2Block.js'
import { floorAttaining, theorem3Floor } from '../src/experiment/theorem3Floor.js'
import { chain } from '../src/flow/bijection.js'
import { implicit } from '../src/flow/implicit.js'
import { type Method, residual } from '../src/flow/residual.js'
import { toArray } from '../src/interpret/reference/reference.js'
import { exact } from '../src/logdet/exact.js'
import { functionFit1d } from '../src/plot/functionFit1d.js'
import { mapLines, regularGrid } from '../src/plot/numbers/gridLine.js'
import { sideBySide } from '../src/plot/sideBySide.js'
import { warpedGrid } from '../src/plot/warpedGrid.js'
import { vectorize } from '../src/rewrite/vectorize.js'
import { newton } from '../src/solve/newton.js'
import { root } from '../src/solve/root.js'
import { fromArray } from '../src/tensor/constructors.js'
import { add } from '../src/tensor/primitives/add.js'
import { mul } from '../src/tensor/primitives/mul.js'
import { sin } from '../src/tensor/primitives/sin.js'
import { sub } from '../src/tensor/primitives/sub.js'
import type { Tensor } from '../src/tensor/tensor.js'

/** The theorems that are constructive, drawn: writes docs/theorem2.png, docs/theorem3.png and docs/r3.png. */
const method: Method = { logDet: exact, solver: newton, tolerance: 1e-15 }

/** Evenly spaced numbers, both ends among them. */
const spaced = (from: number, to: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))

/** A map of one sample [1] at every number. */
const at = (f: (x: Tensor) => Tensor, xs: Float64Array): Float64Array =>
  Float64Array.from(toArray(vectorize(f)(fromArray(xs, [xs.length, 1]))))

/** Theorem 2: f1(x) = 2 x + 1.5 sin x, and f2 the inverse of 0.7 y + 0.5 sin y. */
const theorem2 = () => {
  const f1 = (x: Tensor): Tensor => add(mul(2, x), mul(1.5, sin(x)))
  const k2 = (y: Tensor): Tensor => add(mul(0.7, y), mul(0.5, sin(y)))
  const f2 = (y: Tensor): Tensor => root(x => sub(k2(x), y), { start: y, contraction: 0.8, tolerance: 1e-15 })
  const { gx, gz, factor } = theorem2Block(
    { value: f1, monotone: 0.5, lipschitz: 3.5 },
    { inverse: k2, monotone: 0.2 / 1.2 ** 2, lipschitz: 1 / 0.2 }
  )
  const block = implicit(method)(gx, gz).forward({ gx: [], gz: [] })
  const x = spaced(-6, 6, 601)
  return functionFit1d({
    title: 'Theorem 2: f2 after f1 as one ImpFlow block',
    subtitle: `f1(x) = 2x + 1.5 sin x, f2 the inverse of 0.7y + 0.5 sin y. gx = a f1 - Id, gz = a f2⁻¹ - Id, a = ${factor.toPrecision(3)}.`,
    x,
    target: at(y => f2(f1(y)), x),
    targetLabel: 'f2 after f1',
    fits: [{ label: 'the block', values: at(y => block(y).value, x) }]
  })
}

/** Theorem 3: three blocks against 10 Id on the ball of radius 1/2, by their Lipschitz constant K. */
const theorem3 = () => {
  const [r, L, blocks] = [1 / 2, 10, 3]
  const ball = spaced(-r, r, 101)
  const missed = (K: number): number => {
    const stack = chain(residual(method)(floorAttaining(K, blocks))).forward(Array.from({ length: blocks }, () => []))
    return at(x => sub(mul(L, x), stack(x).value), ball).reduce((most, e) => Math.max(most, Math.abs(e)), 0)
  }
  const x = spaced(0.1, 2 ** blocks * 0.999, 60)
  return functionFit1d({
    title: 'Theorem 3: the floor is attained',
    subtitle: `Three residual blocks that make K Id, against ${L} Id on the ball of radius ${r}. K is below ${2 ** blocks}.`,
    x,
    target: x.map(K => theorem3Floor(r, L, K)),
    targetLabel: 'the floor r (L - K)',
    fits: [
      { label: 'three equal blocks', values: x.map(missed) },
      { label: 'r / 2 (L - K), as printed', values: x.map(K => theorem3Floor(r / 2, L, K)) }
    ],
    axisTitles: ['K', 'sup error on the ball']
  })
}

/** The plane before and after each of the three blocks whose composition is -1/5. */
const r3 = () => {
  const multiplied = ({ re, im, over }: (typeof r3Factors)[number]) => {
    const [a, b] = [Number(re) / Number(over), Number(im) / Number(over)]
    return ({ rows, columns, values }: Points): Points => ({
      rows,
      columns,
      values: values.map((v, i) =>
        i % 2 === 0 ? a * v - b * (values[i + 1] as number) : a * v + b * (values[i - 1] as number)
      )
    })
  }
  const grids = r3Factors.reduce(
    (path, w) => [...path, mapLines(multiplied(w))(path.at(-1) ?? [])],
    [regularGrid([0, 1], [-1, 1], 11, 50)]
  )
  const side = (title: string, i: number) => ({ title, lines: grids[i] ?? [] })
  const pictures = TE.sequenceArray([
    warpedGrid({
      title: 'Three residual blocks that no ImpFlow block is',
      subtitle: 'Half a square, and after multiplication by (1 + 2i)/5.',
      before: side('before', 0),
      after: side('after one block', 1)
    }),
    warpedGrid({
      title: ' ',
      subtitle: 'Once more by (1 + 2i)/5, and by (3 + 4i)/5: turned round, at -1/5.',
      before: side('after two', 2),
      after: side('after three', 3)
    })
  ])
  return TE.chainEitherKW(sideBySide)(pictures)
}

for (const [name, picture] of [
  ['theorem2', theorem2()],
  ['theorem3', theorem3()],
  ['r3', r3()]
] as const)
  writeFileSync(`docs/${name}.png`, (await must(picture)).png)
