import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { world } from './support/world.js'

/** The numbers of a .npy file of float64. */
const numbersOf = (npy: Uint8Array): readonly number[] => {
  const header = 10 + new DataView(npy.buffer, npy.byteOffset).getUint16(8, true)
  return Array.from(new Float64Array(npy.slice(header).buffer))
}

it('vectors: the same blocks in both files, the same again, proved narrowly, into a new folder only', async () => {
  const place = world({}, mkdtempSync(join(tmpdir(), 'impflow-')))
  const [first, second] = [place.at('first'), place.at('second')]
  expect(await place.run('vectors', '--out', first, '--count', '3', '--seed', '4')).toBe(0)
  expect(await place.run('vectors', '--out', second, '--count', '3', '--seed', '4')).toBe(0)
  const json = readFileSync(join(first, 'vectors.json'), 'utf8')
  const npz = readFileSync(join(first, 'vectors.npz'))
  expect(readFileSync(join(second, 'vectors.json'), 'utf8')).toBe(json)
  expect(readFileSync(join(second, 'vectors.npz')).equals(npz)).toBe(true)

  const { schema, seed, blocks } = JSON.parse(json)
  expect([schema, seed, blocks.length]).toEqual(['impflow-vectors-v1', 4, 3])
  const arrays = unzipSync(npz)
  for (const { name, g_x, z, logdet, grad_nll } of blocks) {
    const array = (path: string) => numbersOf(arrays[`${name}/${path}.npy`] as Uint8Array)
    expect(array('g_x/layers/0/W')).toEqual(g_x.layers[0].W.flat())
    expect(array('z/lo')).toEqual(z.lo.flat())
    expect(array('logdet/hi')).toEqual(logdet.hi)
    const { lo, hi } = grad_nll.g_x.layers[0].W
    expect(array('grad_nll/g_x/layers/0/W/hi')).toEqual(hi.flat())
    lo.flat().forEach((low: number, i: number) => {
      expect(hi.flat()[i] - low).toBeGreaterThanOrEqual(0)
      expect(hi.flat()[i] - low).toBeLessThan(1e-9)
    })
  }

  const again = world()
  expect(await again.run('vectors', '--out', first)).toBe(1)
  expect(again.stderr()).toMatch(/the folder exists already\. Vectors are written into a new one\./)
  const none = world()
  expect(await none.run('vectors')).toBe(2)
  expect(none.stderr()).toMatch('--out is missing')
  rmSync(place.folder, { recursive: true })
})
