import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certificateText } from '../../src/certificate/certificate.js'
import { checkCertificate } from '../../src/checker/checker.js'
import { enclosed, flowAndPoint, flows } from '../certificate/support/flows.js'
import { law } from '../support/law.js'
import { type Block, claimsOf, modelOf, sealed } from './support/fromOracle.js'

const folder = join(import.meta.dirname, '../support/vectors')
const blocks = (
  JSON.parse(readFileSync(join(folder, 'blocks_stress.json'), 'utf8')) as { readonly blocks: readonly Block[] }
).blocks
const provable = blocks.filter(block =>
  modelOf(block).blocks.every(({ gx, gz }) => gx.lipschitz < 1 && (gz?.lipschitz ?? 0) < 1)
)

describe('the checker, on blocks known to 200 bits', () => {
  it.each(provable.map(block => [block.name, block] as const))('proves what is known of %s to two ulps', (_, block) => {
    expect(checkCertificate(sealed({ model: modelOf(block), points: claimsOf(block, 2) }))).toMatchObject({
      accepted: true,
      points: block.x.length
    })
  })

  it.each(provable.map(block => [block.name, block] as const))(
    'rejects claims next to the truth about %s',
    (_, block) => {
      const claims = claimsOf(block, 2)
      const beside = ([low, high]: readonly [number, number]): readonly [number, number] => [high, 2 * high - low]
      for (const point of claims) {
        const wrong = [
          { ...point, logDensity: beside(point.logDensity) },
          {
            ...point,
            z: point.z.map(beside),
            roundTrip: { ...point.roundTrip, noise: point.z.map(([, high]) => high) }
          },
          { ...point, roundTrip: { ...point.roundTrip, x: point.roundTrip.x.map(beside) } }
        ]
        for (const claim of wrong)
          expect(checkCertificate(sealed({ model: modelOf(block), points: [claim] }))).toMatchObject({
            accepted: false
          })
      }
    }
  )

  it.each(blocks.filter(block => !provable.includes(block)).map(block => [block.name, block] as const))(
    'rejects %s, which is not proved to contract',
    (_, block) => {
      expect(checkCertificate(sealed({ model: modelOf(block), points: claimsOf(block, 2) }))).toMatchObject({
        accepted: false
      })
    }
  )
})

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A certificate of two points under two ImpFlow blocks with hidden layers. */
const [flow, spot] = fc.sample(
  fc.tuple(
    flows(2, [0.9]).filter(
      ({ activation, blocks }) =>
        activation === 'sine' &&
        blocks.length === 2 &&
        blocks.every(
          ({ gx, gz }) =>
            gx.layers.length > 1 &&
            gz !== undefined &&
            gx.layers.some(({ weight }) => weight.flat().every(x => x !== 0))
        )
    ),
    fc.constant([0.3, -1.2])
  ),
  { seed: 5, numRuns: 1 }
)[0] as readonly [Parameters<typeof enclosed>[0], readonly number[]]
const text = certificateText(hash, flow, [spot, [2, 0.25]].map(enclosed(flow)))

type Json = { [key: string]: Json } & Json[] & number[] & string
const read = (): Json => JSON.parse(text) as Json
const resealed = ({ model, points, format }: Json): string => sealed({ model, points, format: format as string })

/** Ways to tamper: each changes a certificate in place. */
const tamperings: Readonly<Record<string, (certificate: Json) => void>> = {
  'a shrunk interval of ln p': ({ points }) => {
    const [low, high] = points[0]['logDensity'] as number[]
    points[0]['logDensity'] = [low, low + (high - low) / 16] as Json
  },
  'a shrunk interval of z': ({ points }) => {
    const [low, high] = points[0]['z'][1] as number[]
    points[0]['z'][1] = [low, low + (high - low) / 16] as Json
  },
  'a moved interval of the round trip': ({ points }) => {
    const [low, high] = points[1]['roundTrip']['x'][0] as number[]
    points[1]['roundTrip']['x'][0] = [high, 2 * high - low] as Json
  },
  'intervals that claim nothing': ({ points }) => {
    points[0]['logDensity'] = [null, null] as unknown as Json
  },
  'a moved point': ({ points }) => {
    ;(points[0]['x'] as number[])[0] = 0.3 + 1e-9
  },
  'noise that is not in z': ({ points }) => {
    ;(points[1]['roundTrip']['noise'] as number[])[0] = 7
  },
  'a changed weight': ({ model }) => {
    const row = model['blocks'][0]['gx']['layers'][0]['weight'][0] as number[]
    row[0] = (row[0] as number) + 1e-6
  },
  'a changed bias': ({ model }) => {
    const bias = model['blocks'][1]['gz']['layers'][0]['bias'] as number[]
    bias[0] = (bias[0] as number) - 1e-6
  },
  'another mean of the data': ({ model }) => {
    ;(model['mean'] as number[])[0] = ((model['mean'] as number[])[0] as number) + 1e-6
  },
  'another scale of the data': ({ model }) => {
    ;(model['scale'] as number[])[1] = ((model['scale'] as number[])[1] as number) * (1 + 1e-6)
  },
  'another activation': ({ model }) => {
    model['activation'] = 'tanh' as Json
  },
  'an unknown activation': ({ model }) => {
    model['activation'] = 'toString' as Json
  },
  'a lowered bound of a norm': ({ model }) => {
    const layer = model['blocks'][0]['gz']['layers'][0] as unknown as { norm: number }
    layer.norm *= 1 - 1e-8
  },
  'a lowered Lipschitz bound': ({ model }) => {
    const net = model['blocks'][1]['gx'] as unknown as { lipschitz: number }
    net.lipschitz *= 1 - 1e-12
  },
  'blocks in another order': ({ model }) => {
    ;(model['blocks'] as Json[]).reverse()
  },
  'a block without its gz': ({ model, points }) => {
    delete (model['blocks'][0] as Record<string, unknown>)['gz']
    for (const point of points) point['roots'][0] = [] as unknown as Json
  },
  'a leading activation more': ({ model }) => {
    const net = model['blocks'][0]['gx'] as unknown as { leading: boolean }
    net.leading = !net.leading
  },
  'a weight with a row less': ({ model }) => {
    ;(model['blocks'][0]['gx']['layers'][0]['weight'] as Json[]).pop()
  },
  'no root': ({ points }) => {
    points[0]['roots'] = [] as unknown as Json
  },
  'no points': certificate => {
    certificate['points'] = [] as unknown as Json
  },
  'another format': certificate => {
    certificate['format'] = 'impflow-certificate-v2' as Json
  }
}

describe('a certificate', () => {
  it('of the program is accepted, with the hash of its flow', () => {
    expect(checkCertificate(text)).toEqual({ accepted: true, points: 2, flow: read()['flow'] })
    expect(resealed(read())).toBe(text.trim())
  })

  it.each(Object.entries(tamperings))('with %s is rejected', (_, tamper) => {
    const certificate = read()
    tamper(certificate)
    expect(checkCertificate(JSON.stringify(certificate))).toMatchObject({ accepted: false })
  })

  it.each(Object.entries(tamperings))('with %s is rejected also if all hashes are made to fit', (_, tamper) => {
    const certificate = read()
    tamper(certificate)
    expect(checkCertificate(resealed(certificate))).toMatchObject({ accepted: false })
  })

  law(
    'with any character changed is rejected, unless that changes no value',
    [fc.nat(), fc.constantFrom(...'0123456789.-e,"x')],
    (place, character) => {
      const i = place % text.length
      const changed = text.slice(0, i) + character + text.slice(i + 1)
      const same = (): boolean => {
        try {
          return JSON.stringify(JSON.parse(changed)) === text.trim()
        } catch {
          return false
        }
      }
      return checkCertificate(changed).accepted === same()
    }
  )

  it.each(['', 'null', '[]', '{}', '{"format":"impflow-certificate-v1"}', '"text"', '12', text.slice(0, 500)])(
    'is not %s',
    other => {
      expect(checkCertificate(other)).toMatchObject({ accepted: false })
    }
  )

  law('of any flow at any point is accepted: no claim of the program is wrong', [flowAndPoint()], ([any, x]) => {
    const verdict = checkCertificate(certificateText(hash, any, [enclosed(any)(x)]))
    return verdict.accepted
  })
})

describe('the checker itself', () => {
  const files = readdirSync(join(import.meta.dirname, '../../src/checker'))
  const sources = files.map(name => readFileSync(join(import.meta.dirname, '../../src/checker', name), 'utf8'))

  it('has less than 400 lines', () => {
    expect(sources.join('').split('\n').length).toBeLessThan(400)
  })

  it('imports nothing but itself and the hash function of Node', () => {
    const imports = sources.flatMap(source => [...source.matchAll(/from '([^']+)'/g)].map(([, path]) => path))
    expect(imports.filter(path => path !== 'node:crypto' && !files.includes(`${path?.slice(2, -3)}.ts`))).toEqual([])
  })
})
