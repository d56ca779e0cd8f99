import { dotOf } from './matrix.js'

/** A function of a point with values from -1 to 1. */
export type Wave = (x: readonly number[]) => number

/** Waves that distributions are compared on, of several directions and lengths: |w| is at most 2 in one or two dimensions. */
export const waves = (dimension: number): readonly Wave[] =>
  [0.5, 1, 2].flatMap(size =>
    [0, 1, 2].map((turn): Wave => {
      const w = Array.from({ length: dimension }, (_, j) =>
        dimension === 1 ? size : size * Math.cos(turn - (j * Math.PI) / 2)
      )
      return x => Math.cos(dotOf(w, x) + (turn * Math.PI) / 3)
    })
  )
