import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newton } from '../../src/solve/newton.js'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { maximum } from '../../src/tensor/primitives/maximum.js'
import { minimum } from '../../src/tensor/primitives/minimum.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { law } from '../support/law.js'
import { found, solvers } from './support/problems.js'

/**
 * h(z) = z + g(z), slope 1 + c where |z| <= a and 1 - c beyond: Lip(g) = c, and Newton from beyond jumps between
 * -2ac / (1 - c) and its opposite for ever, if c > 1/3.
 */
const kinked =
  (c: number, a: number) =>
  (z: Tensor): Tensor => {
    const inside = maximum(minimum(z, a), -a)
    return add(mul(1 - c, z), mul(2 * c, inside))
  }

const plain = (c: number, a: number) => (z: number) => ({
  value: (1 - c) * z + 2 * c * Math.max(-a, Math.min(a, z)),
  slope: Math.abs(z) <= a ? 1 + c : 1 - c
})

const cs = fc.integer({ min: 40, max: 97 }).map(i => i / 100)
const as = fc.integer({ min: 1, max: 64 }).map(i => i / 8)
const starts = fc.integer({ min: 2, max: 400 }).chain(i => fc.constantFrom(1, -1).map(sign => (sign * i) / 2))

describe("Newton's method without a safeguard", () => {
  law('cycles for ever between two points', [cs, as, starts], (c, a, from) => {
    fc.pre(Math.abs(from) > a)
    const h = plain(c, a)
    const orbit = Array.from({ length: 60 }).reduce<readonly number[]>(
      points => {
        const z = points.at(-1) as number
        const { value, slope } = h(z)
        return [...points, z - value / slope]
      },
      [from]
    )
    const radius = (2 * a * c) / (1 - c)
    return orbit.slice(1).every((z, k) => Math.abs(z + Math.sign(from) * (-1) ** k * radius) <= 1e-9 * radius)
  })
})

describe('a safeguarded solver', () => {
  for (const [name, solver] of Object.entries(solvers))
    law(`(${name}) finds the root where Newton cycles`, [cs, as, starts], (c, a, from) => {
      const { z } = found(root(kinked(c, a), { start: fromArray([from]), contraction: c, solver, limit: 5000 }))
      return Math.abs(z[0] as number) <= 2e-14 / (1 - c)
    })

  it('needs few steps for the cycle of the derivations: c = 0.9, a = 1, from 18', () => {
    const { z, iterations } = found(root(kinked(0.9, 1), { start: fromArray([18]), contraction: 0.9, solver: newton }))
    expect(Math.abs(z[0] as number)).toBeLessThan(1e-13)
    expect(iterations).toBeLessThan(100)
  })

  it('keeps the residual of what it returns', () => {
    const f = (z: Tensor): Tensor => sub(kinked(0.9, 1)(z), fromArray([3]))
    const { z, residual } = found(root(f, { start: fromArray([18]), contraction: 0.9, limit: 4 }))
    expect(residual[0]).toBe(plain(0.9, 1)(z[0] as number).value - 3)
  })
})
