import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Backend, GpuMode } from '../../../src/interpret/backend.js'
import { gpuBackend } from '../../../src/interpret/gpu/gpuBackend.js'
import { table } from '../../../src/interpret/gpu/table.js'
import { reference } from '../../../src/interpret/runningError/machine.js'
import { roundingErrors } from '../../../src/interpret/runningError/runningError.js'
import { type Measured, numbersOfAll, withinBounds } from '../../../src/laws/agreement.js'
import { applicable, applications, argumentsOf, functionOf } from '../../../src/laws/applications.js'
import { composed, compositions } from '../../../src/laws/compositions.js'
import { tensorOf } from '../../../src/laws/samples.js'
import { simplify } from '../../../src/rewrite/simplify.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { law } from '../../support/law.js'

const asMeasured = (values: readonly ArrayLike<number>[], bounds: readonly ArrayLike<number>[]): readonly Measured[] =>
  values.map((numbers, i) => ({ values: numbers, bounds: bounds[i] as ArrayLike<number> }))

/** Values by the backend, every kernel of them run; bounds of both by `reference`. */
const agrees = async ({ compile, machine }: Backend, expressions: readonly Tensor[]) => {
  const outputs = simplify(expressions)
  const compiled = await compile([], outputs)()
  const theirs = E.isRight(compiled) ? await compiled.right([])() : compiled
  if (E.isLeft(theirs)) throw new Error(theirs.left.message)
  return withinBounds(
    asMeasured(theirs.right, numbersOfAll(roundingErrors(machine)(outputs))),
    asMeasured(numbersOfAll(outputs), numbersOfAll(roundingErrors(reference)(outputs)))
  )
}

/** Cases of a law: kernels of a device take about a tenth of a second to compile. */
const modes: readonly (readonly [GpuMode, number])[] = [
  ['cpu', 30],
  ['webasm', 30],
  ['webgpu', 5]
]

for (const [mode, cases] of modes) {
  const opened = await gpuBackend(mode, { from: 0 })()
  if (E.isLeft(opened))
    describe(`gpu ${mode}`, () => {
      it(`is not compared with reference: ${opened.left.message}`, () =>
        expect(process.env['IMPFLOW_REQUIRE_WEBGPU']).not.toBe('1'))
    })
  else
    describe(`gpu ${mode} on ${opened.right.device.adapter}`, () => {
      for (const primitive of applicable)
        law(
          `computes what reference computes: ${primitive} (${table[primitive].how})`,
          [applications(primitive)],
          application => agrees(opened.right, [functionOf(application)(...argumentsOf(application))]),
          { cases }
        )
      for (const smoothly of [true, false])
        law(
          `computes what reference computes: random compositions of ${smoothly ? 'smooth' : 'all'} primitives`,
          [compositions({ smoothly })],
          x => agrees(opened.right, [composed(x)(x.arguments.map(tensorOf))]),
          { cases }
        )
    })
}
