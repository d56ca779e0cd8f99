import { describe, expect, it } from 'vitest'
import type { ImportOptions } from '../../../src/interop/pytorch/importModel.js'
import { densitiesOf, furthest, imported, importedFrom, samplesOf, stored, truthOf } from './support.js'

/** What a log-density may be off, as promised. */
const promised = 1e-9

type Rows = readonly (readonly number[])[]

/** As the authors' checkpoints say it. */
interface Truth {
  readonly x: Rows
  readonly float64: { readonly z: Rows; readonly logdet: readonly number[]; readonly logp: readonly number[] }
  readonly inverse?: { readonly z: Rows; readonly x_float64: Rows }
  readonly ema_after_swap_and_update?: { readonly logp_float64: readonly number[] }
}

const normal = (z: Rows): readonly number[] =>
  z.map(row => row.reduce((sum, x) => sum - 0.5 * x * x, -0.5 * row.length * Math.log(2 * Math.PI)))

describe("the authors' checkpoints", () => {
  it.each(['ck_imp_sin', 'ck_imp_swish_actnorm', 'ck_tabular_swish_d6'])('%s', async name => {
    const truth = truthOf<Truth>(`${name}.json`)
    const { model, lipschitzBound, weights } = imported(`${name}.pth`)
    expect([weights, model.asGiven]).toEqual(['state_dict', true])
    expect(lipschitzBound).toBeLessThan(1)
    const { logDensity, latents, converged, rootErrorBound } = await densitiesOf(model, truth.x)
    expect(furthest(logDensity, truth.float64.logp)).toBeLessThan(promised)
    expect(furthest(latents, truth.float64.z.flat())).toBeLessThan(promised)
    const base = normal(truth.float64.z)
    expect(
      furthest(
        logDensity.map((l, i) => l - (base[i] as number)),
        truth.float64.logdet
      )
    ).toBeLessThan(promised)
    expect(converged.every(fine => fine)).toBe(true)
    expect(Math.max(...rootErrorBound)).toBeLessThan(1e-10)
    if (truth.inverse !== undefined) {
      const back = await samplesOf(model, truth.inverse.z)
      expect(furthest(back, truth.inverse.x_float64.flat())).toBeLessThan(promised)
    }
  })

  it('averaged weights: their vectors are renewed as the script does it', async () => {
    const truth = truthOf<Truth>('ck_tabular_swish_d6.json')
    const { model, weights } = imported('ck_tabular_swish_d6.pth', { ema: true })
    expect(weights).toBe('ema')
    const { logDensity } = await densitiesOf(model, truth.x)
    // The truth takes the vectors that the script made in float32, so each of 12 sigmas is off by some 2^-24. A relative
    // change of one weight moves a log-density by at most d c / (1 - c) + |z| |g| < 6 times as much (c < 0.06).
    expect(furthest(logDensity, truth.ema_after_swap_and_update?.logp_float64 ?? [])).toBeLessThan(12 * 6 * 2 ** -24)
    const plain = await densitiesOf(imported('ck_tabular_swish_d6.pth').model, truth.x)
    expect(furthest(logDensity, Array.from(plain.logDensity))).toBeGreaterThan(0.1)
  })

  it('of images come later, and the error says so', () => {
    expect(importedFrom(stored('ck_img_tiny.pth'))).toBe(
      'a.pth: it is a checkpoint of images (train_img.py): these come in a later version.'
    )
  })
})

interface Made {
  readonly file: string
  readonly x: Rows
  readonly z: Rows
  readonly logdet: readonly number[]
  readonly logp: readonly number[]
  readonly given: Partial<ImportOptions>
}

describe('checkpoints of the same layouts, made by layouts.py', () => {
  it.each(truthOf<readonly Made[]>('made.json'))('$file', async ({ file, x, z, logdet, logp, given }) => {
    const { model, lipschitzBound } = imported(file, given)
    const { logDensity, latents, converged, rootErrorBound } = await densitiesOf(model, x)
    expect(furthest(logDensity, logp)).toBeLessThan(promised)
    expect(furthest(latents, z.flat())).toBeLessThan(promised)
    const base = normal(z)
    expect(
      furthest(
        logDensity.map((l, i) => l - (base[i] as number)),
        logdet
      )
    ).toBeLessThan(promised)
    expect(converged.every(fine => fine)).toBe(true)
    expect(lipschitzBound < 1).toBe(!file.includes('uncertified'))
    if (lipschitzBound >= 1) expect(rootErrorBound.every(bound => bound === Infinity)).toBe(true)
    expect(furthest(await samplesOf(model, z), x.flat())).toBeLessThan(promised)
  })

  it('keep ActNorms in their places, and leading activations', () => {
    expect(imported('made_imp_tanh_awkward.pth').model.architecture).toEqual({
      model: 'impflow',
      dimension: 3,
      blocks: 2,
      hidden: [5, 7, 4],
      activation: 'tanh',
      coefficient: 0.8,
      leading: true,
      actNorms: [0, 1, 1, 2]
    })
  })

  it('average weights without the prefix of several devices', () => {
    const found = imported('made_imp_sin_ema_legacy.pth', { ema: true })
    expect(found.weights).toBe('ema')
    // Averages are half the weights there, so biases are.
    const bias = ({ effective }: { readonly effective: Float64Array }): number => effective.at(-1) as number
    expect(bias(found.model)).toBe(bias(imported('made_imp_sin_ema_legacy.pth').model) / 2)
  })

  it('say what is missing in a bare state_dict, and what contradicts a checkpoint', () => {
    const bare = stored('made_bare_elu.pth')
    expect(importedFrom(bare)).toBe('a.pth: it does not say its activation: name it by --activation.')
    expect(importedFrom(bare, { activation: 'elu' })).toMatch('name it by --coefficient')
    expect(importedFrom(bare, { activation: 'lipSwish' })).toMatch('its activation is lipSwish, but its nets have no')
    expect(importedFrom(stored('ck_imp_sin.pth'), { activation: 'elu' })).toMatch('its activation is sine, not elu')
    expect(importedFrom(stored('ck_imp_sin.pth'), { coefficient: 0.5 })).toMatch('its coefficient is 0.99, not 0.5')
    expect(importedFrom(stored('ck_imp_sin.pth'), { ema: true })).toMatch('it holds no averaged weights')
  })
})
