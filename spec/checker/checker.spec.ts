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

/** A certificate of two points under two ImpFlow blocks with hidden layers, and an ActNorm between them. */
const [flow, spot] = fc.sample(
  fc.tuple(
    flows(2, [0.9]).filter(
      ({ activation, blocks }) =>
        activation === 'sine' &&
        blocks.length === 3 &&
        blocks.every((piece, i) =>
          'shift' in piece
            ? i === 1 && piece.logScale.every(x => x !== 0)
            : piece.gx.layers.length > 1 &&
              piece.gz !== undefined &&
              piece.gx.layers.some(({ weight }) => weight.flat().every(x => x !== 0))
        )
    ),
    fc.constant([0.3, -1.2])
  ),
  { seed: 5, numRuns: 1 }
)[0] as readonly [Parameters<typeof enclosed>[0], readonly number[]]
const text = certificateText(hash, flow, [spot, [2, 0.25]].map(enclosed(flow)))

type Path = readonly (string | number)[]
type Change = (value: never) => unknown

/** A value with a change at a path. */
const edited = (value: unknown, [key, ...rest]: Path, change: Change): unknown => {
  if (key === undefined) return change(value as never)
  if (Array.isArray(value)) return value.map((entry, i) => (i === key ? edited(entry, rest, change) : entry))
  const record = value as Readonly<Record<string, unknown>>
  return { ...record, [key]: edited(record[key], rest, change) }
}

const read = (): unknown => JSON.parse(text)
const resealed = (certificate: unknown): string => sealed(certificate as Parameters<typeof sealed>[0])
const more = (x: number): number => x + 1e-6
const shrunk = ([low, high]: readonly [number, number]) => [low, low + (high - low) / 16]
const moved = ([low, high]: readonly [number, number]) => [high, 2 * high - low]

/** Ways to tamper: what is changed, and how. */
const tamperings: readonly (readonly [string, Path, Change])[] = [
  ['a shrunk interval of ln p', ['points', 0, 'logDensity'], shrunk],
  ['a shrunk interval of z', ['points', 0, 'z', 1], shrunk],
  ['a moved interval of the round trip', ['points', 1, 'roundTrip', 'x', 0], moved],
  ['an interval that claims nothing', ['points', 0, 'logDensity'], () => [null, null]],
  ['a moved point', ['points', 0, 'x', 0], () => 0.3 + 1e-9],
  ['noise that is not in z', ['points', 1, 'roundTrip', 'noise', 0], () => 7],
  ['a changed weight', ['model', 'blocks', 0, 'gx', 'layers', 0, 'weight', 0, 0], more],
  ['a changed bias', ['model', 'blocks', 2, 'gz', 'layers', 0, 'bias', 0], more],
  ['another mean of the data', ['model', 'mean', 0], more],
  ['another scale of the data', ['model', 'scale', 1], more],
  ['another activation', ['model', 'activation'], () => 'tanh'],
  ['an unknown activation', ['model', 'activation'], () => 'toString'],
  ['a lowered bound of a norm', ['model', 'blocks', 0, 'gz', 'layers', 0, 'norm'], (x: number) => x * (1 - 1e-8)],
  ['a lowered Lipschitz bound', ['model', 'blocks', 2, 'gx', 'lipschitz'], (x: number) => x * (1 - 1e-12)],
  ['a changed shift of an ActNorm', ['model', 'blocks', 1, 'shift', 0], more],
  ['a changed scale of an ActNorm', ['model', 'blocks', 1, 'logScale', 1], more],
  ['an ActNorm of another dimension', ['model', 'blocks', 1, 'logScale'], (x: readonly number[]) => x.slice(1)],
  ['an ActNorm less', ['model', 'blocks'], (blocks: readonly unknown[]) => [blocks[0], blocks[2]]],
  ['blocks in another order', ['model', 'blocks'], (blocks: readonly unknown[]) => [...blocks].reverse()],
  ['a block without its gz', ['model', 'blocks', 0], ({ gx }: { readonly gx: unknown }) => ({ gx })],
  ['a leading activation more or less', ['model', 'blocks', 0, 'gx', 'leading'], (leading: boolean) => !leading],
  [
    'a row of a weight less',
    ['model', 'blocks', 0, 'gx', 'layers', 0, 'weight'],
    (rows: readonly unknown[]) => rows.slice(1)
  ],
  ['no roots', ['points', 0, 'roots'], () => []],
  ['no points', ['points'], () => []],
  ['another format', ['format'], () => 'impflow-certificate-v2']
]

describe('a certificate', () => {
  it('of the program is accepted, with the hash of its flow', () => {
    expect(checkCertificate(text)).toEqual({
      accepted: true,
      points: 2,
      flow: (read() as { readonly flow: string }).flow
    })
    expect(resealed(read())).toBe(text.trim())
  })

  it.each(tamperings)('with %s is rejected, and also if all hashes are made to fit', (_, path, change) => {
    const certificate = edited(read(), path, change)
    expect(checkCertificate(JSON.stringify(certificate))).toMatchObject({ accepted: false })
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
