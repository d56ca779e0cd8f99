import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { law } from '../../support/law.js'
import { archive, dict, global, op, type Piece, pickle, tensor, tuple } from './assembler.js'
import { importedFrom, stored } from './support.js'

const files = [
  'made_res_linear.pth',
  'made_res_swish_actnorm_legacy.pth',
  'made_imp_sin_ema_legacy.pth',
  'made_res_lcube_half.pth'
]
const bytesOf = new Map(files.map(name => [name, stored(name)]))
const file = fc.constantFrom(...files).map(name => bytesOf.get(name) as Uint8Array)
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** One sentence that names the file. */
const isMessage = (found: unknown): boolean =>
  typeof found === 'string' && /^a\.pth: .{10,500}\.$/.test(found) && !/undefined|NaN|\[object/.test(found)

describe('a damaged checkpoint', () => {
  law('that is cut short anywhere is refused in one sentence', [file, share], (bytes, at) =>
    isMessage(importedFrom(bytes.subarray(0, Math.floor(at * bytes.length))))
  )

  const changes = fc.array(fc.tuple(share, fc.nat(255)), { minLength: 1, maxLength: 8 })

  law(
    'with some bytes changed is refused in one sentence, or is a finite model',
    [file, changes],
    (bytes, list) => {
      const changed = bytes.slice()
      for (const [at, byte] of list) changed[Math.floor(at * changed.length)] = byte
      const found = importedFrom(changed)
      return typeof found === 'string' ? isMessage(found) : found.model.effective.every(Number.isFinite)
    },
    { cases: 400 }
  )

  law('of any bytes at all is refused', [fc.uint8Array({ maxLength: 300 }), fc.boolean()], (bytes, zip) =>
    isMessage(importedFrom(zip ? Uint8Array.from([0x50, 0x4b, 3, 4, ...bytes]) : bytes))
  )
})

/** A residual block of one layer in one dimension, with some tensors in other forms. */
const checkpoint = (changes: Readonly<Record<string, Piece>> = {}): Uint8Array => {
  const state: Readonly<Record<string, Piece>> = {
    'chain.0.nnet.0.weight': tensor('0', 1, 0, [1, 1], [1, 1]),
    'chain.0.nnet.0.bias': tensor('0', 1, 0, [1], [1]),
    'chain.0.nnet.0.u': tensor('1', 1, 0, [1], [1]),
    'chain.0.nnet.0.v': tensor('1', 1, 0, [1], [1]),
    ...changes
  }
  const options = [
    global('argparse', 'Namespace'),
    op(')', 0x81),
    dict('coeff', op('G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0), 'act', 'elu'),
    op('b')
  ]
  const [of, made, attributes, build] = options as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  return pickle(
    dict(
      'state_dict',
      dict(...Object.entries(state).flat()),
      'args',
      Uint8Array.from([...of, ...made, ...attributes, ...build])
    )
  )
}
const storages = { 0: [0.25], 1: [1] }
const weight = (piece: Piece) => checkpoint({ 'chain.0.nnet.0.weight': piece })

describe('the checksums of a zip checkpoint', () => {
  const bytes = archive(checkpoint(), storages)
  const flipped = (bit: number, of = bytes): Uint8Array =>
    of.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
  const at = (name: string): number => {
    const wanted = new TextEncoder().encode(name)
    return bytes.findIndex((_, i) => wanted.every((byte, j) => bytes[i + j] === byte)) + wanted.length
  }

  it('see every flip of a bit in the numbers of a tensor, and say which file of the archive has it', () => {
    for (const name of ['0', '1']) {
      const from = 8 * at(`a/data/${name}`)
      for (let bit = from; bit < from + 32; bit++)
        expect(importedFrom(flipped(bit))).toBe(
          `a.pth: a/data/${name} in its zip archive was changed or damaged: its CRC-32 is not what it should be.`
        )
    }
  })

  it('see every flip of a bit in the pickle', () => {
    const from = 8 * at('a/data.pkl')
    const refused = /^a\.pth: a\/data\.pkl in its zip archive was changed or damaged/
    for (let bit = from; bit < from + 8 * checkpoint().length; bit++)
      expect(importedFrom(flipped(bit))).toMatch(refused)
  })

  it('whatever bit of the file is flipped, it is refused in one sentence, or it is the model that it was', () => {
    const whole = importedFrom(bytes)
    const odd = Array.from({ length: 8 * bytes.length }, (_, bit) => bit).filter(bit => {
      const found = importedFrom(flipped(bit))
      return typeof found === 'string' ? !isMessage(found) : JSON.stringify(found) !== JSON.stringify(whole)
    })
    expect(odd).toEqual([])
  })

  law(
    'bits flipped anywhere in a checkpoint of torch.save: it is refused in one sentence, or is the model that it was',
    [fc.constantFrom('made_res_linear.pth', 'made_res_lcube_half.pth'), share, share],
    (name, first, second) => {
      const given = bytesOf.get(name) as Uint8Array
      const bit = (where: number): number => Math.floor(where * 8 * given.length)
      const found = importedFrom(flipped(bit(second), flipped(bit(first), given)))
      return typeof found === 'string'
        ? isMessage(found)
        : JSON.stringify(found) === JSON.stringify(importedFrom(given))
    }
  )
})

describe('a hostile checkpoint', () => {
  it('is told apart from a good one', () => {
    expect(importedFrom(archive(checkpoint(), storages))).toMatchObject({
      model: { effective: Float64Array.of(0.25, 0.25) }
    })
  })

  it.each([
    [
      'a storage outside of the archive',
      archive(checkpoint(), { 0: [0.25] }),
      /tensor chain\.0\.nnet\.0\.u: its numbers are missing/
    ],
    [
      'a storage that is too short',
      archive(checkpoint(), { 0: [0.25], 1: [] }),
      /storage 1 has 0 bytes, where 1 numbers of float32/
    ],
    [
      'a tensor past its storage',
      archive(weight(tensor('0', 1, 1, [1, 1], [1, 1])), storages),
      /reaches number 1 of its storage/
    ],
    ['strides past its storage', archive(weight(tensor('0', 1, 0, [2, 2], [1, 1])), storages), /reaches number 2/],
    [
      'one number repeated without end',
      archive(weight(tensor('0', 1, 0, [2 ** 30, 2 ** 30], [0, 0])), storages),
      /more numbers than the file has bytes/
    ],
    [
      'a shape that overflows',
      archive(
        weight(tensor('0', 1, 0, new Array<number>(400).fill(2 ** 30), new Array<number>(400).fill(0))),
        storages
      ),
      /more numbers than the file/
    ],
    ['a negative stride', archive(weight(tensor('0', 1, 0, [1, 1], [-1, 1])), storages), /not a dense tensor/],
    ['a negative offset', archive(weight(tensor('0', 1, -4, [1, 1], [1, 1])), storages), /not a dense tensor/],
    [
      'an unknown type of numbers',
      archive(weight(tensor('0', 1, 0, [1, 1], [1, 1], '__proto__')), storages),
      /numbers of type torch\.__proto__/
    ],
    [
      'a complex weight',
      archive(weight(tensor('0', 1, 0, [1, 1], [1, 1], 'ComplexFloatStorage')), storages),
      /numbers of type torch\.ComplexFloatStorage/
    ],
    [
      'a weight that is a call',
      archive(weight(Uint8Array.from([...global('os', 'system'), ...tuple('id'), 0x52])), storages),
      /tensor chain\.0\.nnet\.0\.weight: it is not a dense tensor/
    ],
    ['a weight that is not finite', archive(checkpoint(), { 0: [Infinity], 1: [1] }), /an entry that is not finite/],
    [
      'numbers of another width',
      archive(checkpoint({ 'chain.0.nnet.0.u': tensor('1', 1, 0, [1], [1], 'DoubleStorage') }), storages),
      /storage 1 has 4 bytes, where 1 numbers of float64 need 8/
    ],
    [
      'a norm that overflows',
      archive(
        checkpoint({
          'chain.0.nnet.0.weight': tensor('2', 1, 0, [1, 1], [1, 1], 'DoubleStorage'),
          'chain.0.nnet.0.u': tensor('2', 1, 0, [1], [1], 'DoubleStorage')
        }),
        { ...storages, 2: Float64Array.of(1e300) }
      ),
      /its weights are too large to be bounded/
    ],
    ['no state', archive(pickle(dict('epoch', 3)), {}), /no state_dict with tensors \(it has: epoch\)/],
    ['no dict', archive(pickle(op('N')), {}), /holds no dict/],
    ['compression', archive(checkpoint(), storages, { level: 9 }), /its zip archive is compressed/],
    ['a path out of its folder', archive(checkpoint(), storages, { folder: '../../a/' }), /0 files data\.pkl/],
    ['another archive', archive(checkpoint(), storages, { folder: 'a/b/' }), /0 files data\.pkl/]
  ])('with %s is refused', (_, bytes, message) => {
    const found = importedFrom(bytes)
    expect(found).toMatch(message)
    expect(isMessage(found)).toBe(true)
  })

  it('that lists one file twice, or more than it holds, is refused', () => {
    const bytes = archive(checkpoint(), storages)
    const twice = bytes.slice()
    // The name of storage 1, in both places that have it, becomes that of storage 0.
    twice.forEach((byte, i) => {
      if (byte === 0x31 && new TextDecoder().decode(twice.subarray(i - 5, i)) === 'data/') twice[i] = 0x30
    })
    expect(importedFrom(twice)).toMatch('two files of one name')
    const large = bytes.slice()
    const entry = large.findIndex(
      (_, i) => large[i] === 0x50 && large[i + 1] === 0x4b && large[i + 2] === 1 && large[i + 3] === 2
    )
    new DataView(large.buffer).setUint32(entry + 20, 0x7fffffff, true)
    expect(importedFrom(large)).toMatch('holds more than the file does')
  })

  it('that claims four billion files is refused at once', () => {
    // The end of a zip64 archive: its record, its locator, and the plain end, all of which say that.
    const bytes = new Uint8Array(4 + 56 + 20 + 22)
    const view = new DataView(bytes.buffer)
    view.setUint32(0, 0x04034b50, true)
    view.setUint32(4, 0x06064b50, true)
    view.setUint32(4 + 32, 0xfffffffe, true)
    view.setUint32(60, 0x07064b50, true)
    view.setUint32(60 + 8, 4, true)
    view.setUint32(80, 0x06054b50, true)
    view.setUint16(80 + 8, 0xffff, true)
    expect(importedFrom(bytes)).toMatch('it lists more files than it has room for')
  })

  it('of another layout says which tensor is strange', () => {
    const strange = (name: string): unknown =>
      importedFrom(archive(checkpoint({ [name]: tensor('0', 1, 0, [1], [1]) }), storages))
    expect(strange('other.0')).toMatch('its tensors are not those of a chain: other.0')
    expect(strange('chain.0.running_mean')).toMatch('chain.0 is none of ActNorm, ImpFlow block and residual block')
    expect(strange('chain.2.initialized')).toMatch('not numbered from 0 on: 0, 2')
    expect(strange('chain.0.nnet.0.running')).toMatch('chain.0.nnet.0.running belongs to no dense layer')
    expect(strange('chain.0.nnet.1.beta')).toMatch('is not layers with one activation')
  })
})
