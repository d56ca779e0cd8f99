import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { steepChart, steepNumbers } from '../../src/experiment/steepReport.js'
import { type SteepOptions, type SteepResult, steepExperiment } from '../../src/experiment/steepRun.js'
import { onnxBackend } from '../../src/interpret/onnx/onnxBackend.js'
import { functionFit1d } from '../../src/plot/functionFit1d.js'
import { examine, sound } from '../plot/support/pictures.js'

const short: Partial<SteepOptions> = { hidden: [16], steps: 150, halves: 30, measured: 450 }

const outcome = async (options: Partial<SteepOptions>, onStep?: Parameters<typeof steepExperiment>[2]) => {
  const result = await steepExperiment(onnxBackend('float64'), options, onStep)()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

const brief = (seed: number): Promise<SteepResult> => outcome({ ...short, steps: 5, seed })

/** What holds of every trained flow, however long it was trained. */
const proved = ({
  supError,
  supErrorBound,
  floor,
  lipschitzBound,
  maxRootErrorBound
}: SteepResult['fits'][number]) => ({
  aboveFloor: supError >= floor,
  bounded: supErrorBound >= supError,
  contractive: lipschitzBound < 1,
  rootsFound: maxRootErrorBound < 1e-6
})

const all = { aboveFloor: true, bounded: true, contractive: true, rootsFound: true }

describe('a short run of the steep experiment', () => {
  const losses = new Map<string, readonly number[]>()
  let result: SteepResult

  beforeAll(async () => {
    result = await outcome(short, (label, _step, loss) => losses.set(label, [...(losses.get(label) ?? []), loss]))
  })

  it('improves every flow', () => {
    expect([...losses.keys()]).toEqual([
      'ImpFlow, 1 block',
      'ResFlow, 1 block',
      'ResFlow, 2 blocks',
      'ResFlow, 3 blocks'
    ])
    for (const course of losses.values()) {
      expect(course).toHaveLength(150)
      expect(course.at(-1)).toBeLessThan(0.8 * (course[0] as number))
    }
  })

  it('certifies every net, finds every root, and meets the floors', () => {
    expect(result.fits.map(proved)).toEqual([all, all, all, all])
  })

  it('is determined by its seed', async () => {
    const [once, again, other] = [await brief(0), await brief(0), await brief(1)]
    expect(again).toEqual(once)
    expect(other.fits.map(fit => fit.supError)).not.toEqual(once.fits.map(fit => fit.supError))
  })

  it('makes one picture, with the errors that it reports', async () => {
    const { svg, facts } = await examine(functionFit1d(steepChart(result)))
    expect(facts).toEqual(sound)
    const entries = result.fits.map(
      ({ label, floor, supError }) =>
        `>${label}${floor > 0 ? ` (at least ${floor})` : ''}: sup error ${supError.toPrecision(2)}<`
    )
    expect(entries.filter(entry => !svg.includes(entry))).toEqual([])
  })

  it('makes numbers that JSON keeps', () => {
    const numbers = steepNumbers(result)
    expect(JSON.parse(JSON.stringify(numbers))).toEqual(numbers)
  })

  it('refuses a learning rate that leads nowhere', async () => {
    const lost = await steepExperiment(onnxBackend('float32'), { ...short, steps: 20, learningRate: Infinity })()
    expect(E.isLeft(lost) && lost.left.tag).toBe('NonFinite')
  })
})

describe('the published run', () => {
  const numbers: ReturnType<typeof steepNumbers> = JSON.parse(
    readFileSync(new URL('../../docs/steep.json', import.meta.url), 'utf8')
  )

  it('has an ImpFlow block within 0.05 of the target everywhere, and no ResFlow below its floor', () => {
    const [implicit, ...residual] = numbers.fits
    expect(implicit?.supErrorBound).toBeLessThanOrEqual(0.05)
    expect(residual.map(({ blocks, floor }) => [blocks, floor])).toEqual([
      [1, 4],
      [2, 3],
      [3, 1]
    ])
    for (const fit of numbers.fits) expect(proved({ ...fit, values: new Float64Array() })).toEqual(all)
  })
})
