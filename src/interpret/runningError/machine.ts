/**
 * How accurate the functions of an interpreter are: |computed - f(x)| <= u (relative |f(x)| + absolute) + tiny, u its
 * unit roundoff, for every argument x that it can hold.
 */
export interface Accuracy {
  readonly relative: number
  readonly absolute: number
}

/** Functions that IEEE 754 does not oblige anyone to round correctly. */
export type Elementary = 'cos' | 'exp' | 'expm1' | 'log' | 'log1p' | 'sigmoid' | 'sin' | 'softplus' | 'sqrt' | 'tanh'

/** What is assumed of the arithmetic of an interpreter. */
export interface Machine {
  /** 2^-53 in float64, 2^-24 in float32. */
  readonly unitRoundoff: number
  /** Smallest normal number: what is smaller may be flushed to 0. */
  readonly tiny: number
  /** Roundings of an addition: more than 1 where it may be fused with a matrix product that adds in several panels. */
  readonly addition: number
  /** Units of relative error of a division: 1 where it is correctly rounded. */
  readonly division: number
  /** The number that a constant or an input is stored as. */
  readonly stored: (x: number) => number
  /** Units of relative error of storing an input; 0 where inputs are stored as they are. */
  readonly storage: number
  readonly elementary: Readonly<Record<Elementary, Accuracy>>
}

const within = (relative: number, absolute = 0): Accuracy => Object.freeze({ relative, absolute })

/**
 * `reference` on V8, whose functions are ports of fdlibm. Measured against 200 bits on 6,000 points a function, |x| up to
 * 100: exp 1.69, expm1 1.24, log 1.22, log1p 1.23, sin 1.09, cos 1.01, tanh 2.58 units; assumed below is more.
 */
export const reference: Machine = Object.freeze({
  unitRoundoff: 2 ** -53,
  tiny: 2 ** -1022,
  addition: 1,
  division: 1,
  stored: x => x,
  storage: 0,
  elementary: {
    cos: within(2),
    exp: within(2),
    expm1: within(2),
    log: within(2),
    log1p: within(2),
    sigmoid: within(5),
    sin: within(2),
    softplus: within(6),
    sqrt: within(1),
    tanh: within(4)
  }
} satisfies Machine)

/**
 * ONNX Runtime 1.30 on x86-64, float64. Measured on 4,000 points in each of nine ranges, |x| up to 1e8: sin and cos are
 * off by up to 5 units absolutely where |x| < 100 (so not relatively accurate at their zeros), exp 2.8, log 2.3,
 * tanh 7, and expm1, log1p, sigmoid, softplus as they are composed 3.5, 3.9, 4.1, 4.4 units; assumed is about twice that.
 */
export const onnxFloat64: Machine = Object.freeze({
  unitRoundoff: 2 ** -53,
  tiny: 2 ** -1022,
  addition: 4,
  division: 1,
  stored: x => x,
  storage: 0,
  elementary: {
    cos: within(8, 8),
    exp: within(6),
    expm1: within(10),
    log: within(5),
    log1p: within(10),
    sigmoid: within(10),
    sin: within(8, 8),
    softplus: within(12),
    sqrt: within(2),
    tanh: within(14)
  }
} satisfies Machine)

/**
 * ONNX Runtime 1.30 on x86-64, float32 (MLAS). Measured as above: exp 1.3, expm1 4.1, log 3.2, log1p 4.4, sin 2.5,
 * cos 2.5, tanh 4.5, sigmoid 2, softplus 4.3 units, all relative; assumed is about twice that, and 2 absolute for sin, cos.
 */
export const onnxFloat32: Machine = Object.freeze({
  unitRoundoff: 2 ** -24,
  tiny: 2 ** -126,
  addition: 4,
  division: 1,
  stored: Math.fround,
  storage: 1,
  elementary: {
    cos: within(5, 2),
    exp: within(3),
    expm1: within(10),
    log: within(7),
    log1p: within(10),
    sigmoid: within(6),
    sin: within(5, 2),
    softplus: within(12),
    sqrt: within(2),
    tanh: within(10)
  }
} satisfies Machine)

/**
 * gpu.js 2.24 with the functions of `interpret/gpu/functions`, float32. Measured on SwiftShader's WebGPU, WebAssembly and
 * JavaScript, 20,000 points a function, |x| up to 1e4: exp 1.5, expm1 4, log 4.4, log1p 4.9, sin and cos 1.9, tanh 2.7,
 * sigmoid 1.9, softplus 5.2, sqrt 1 units; assumed is about twice that. A division is within 2.5 units by WebGPU's
 * specification. Sine and cosine are meant for |x| up to 1e4.
 */
export const gpuFloat32: Machine = Object.freeze({
  unitRoundoff: 2 ** -24,
  tiny: 2 ** -126,
  addition: 4,
  division: 3,
  stored: Math.fround,
  storage: 1,
  elementary: {
    cos: within(5, 4),
    exp: within(4),
    expm1: within(10),
    log: within(10),
    log1p: within(10),
    sigmoid: within(6),
    sin: within(5, 4),
    softplus: within(12),
    sqrt: within(3),
    tanh: within(8)
  }
} satisfies Machine)
