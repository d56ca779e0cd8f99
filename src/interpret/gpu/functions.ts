import type { GpuMode } from '../backend.js'

const common: readonly string[] = [
  // sin: x less n pi, pi in three parts (n pi exact in the first), then an odd polynomial of degree 11, within 3e-11 of sin.
  `function sineNear(r) {
    const s = r * r;
    return r + r * s * (-0.16666667 + s * (0.0083333310 + s * (-0.00019840868 + s * (0.0000027525384 + s * (-0.000000023888907)))));
  }`,
  `function sine(x) {
    const n = Math.floor(x * 0.31830989 + 0.5);
    const r = ((x - n * 3.140625) - n * 0.00096750259399414) - n * 0.00000015099579909785;
    const odd = n - 2 * Math.floor(n * 0.5);
    return (1 - 2 * odd) * sineNear(r);
  }`,
  // cos: x less (n + 1/2) pi.
  `function cosine(x) {
    const n = Math.floor(x * 0.31830989);
    const h = n + 0.5;
    const r = ((x - h * 3.140625) - h * 0.00096750259399414) - h * 0.00000015099579909785;
    const odd = n - 2 * Math.floor(n * 0.5);
    return (2 * odd - 1) * sineNear(r);
  }`,
  // ln((1 + s) / (1 - s)), |s| up to 0.18.
  `function logNear(s) {
    const q = s * s;
    return 2 * s * (1 + q * (0.33333334 + q * (0.2 + q * (0.14285715 + q * (0.11111111 + q * 0.09090909)))));
  }`,
  // ln(1 + x), without a 1 + x from which 1 is taken again: compilers of shaders simplify that.
  `function logOnePlus(x) {
    let r = 0;
    if (Math.abs(x) < 0.3) {
      r = logNear(x / (2 + x));
    } else {
      r = logarithm(1 + x);
    }
    return r;
  }`,
  // e^x - 1: a Taylor polynomial near 0, the difference elsewhere.
  `function expLessOne(x) {
    let r = exponential(x) - 1;
    if (Math.abs(x) < 0.35) {
      r = x * (1 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.0083333338 + x * (0.0013888889 + x * (0.0001984127 + x * 0.0000248016)))))));
    }
    return r;
  }`,
  `function tangentH(x) {
    const a = Math.abs(x);
    const s = x * x;
    const t = exponential(-2 * a);
    let r = (1 - t) / (1 + t);
    if (x < 0) {
      r = -r;
    }
    if (a < 0.3) {
      r = x * (1 + s * (-0.33333334 + s * (0.13333334 + s * (-0.053968254 + s * (0.021869488 + s * (-0.0088632358))))));
    }
    return r;
  }`,
  `function signOf(x) {
    let r = 0;
    if (x > 0) {
      r = 1;
    }
    if (x < 0) {
      r = -1;
    }
    return r;
  }`
]

/** JavaScript and WebAssembly have an exponential and a logarithm that are nearly rounded correctly. */
const onHost: readonly string[] = [
  `function exponential(x) {
    return Math.exp(x);
  }`,
  `function logarithm(x) {
    return Math.log(x);
  }`
]

/** Devices are off by 64 units in e^80, and in ln(x) near 1 by more than it is. */
const onDevice: readonly string[] = [
  // e^x = 2^n e^r, r = x - n ln 2 in two parts, e^r by a Taylor polynomial, 2^n in two factors, of which neither overflows.
  // In one function, because gpu.js puts functions that several others call in an order that WebGL refuses.
  `function exponential(x) {
    const c = Math.max(-120, Math.min(120, x));
    const n = Math.floor(c * 1.4426950 + 0.5);
    const r = (c - n * 0.693359375) + n * 0.00021219444;
    let e = 1 + r * (1 + r * (0.5 + r * (0.16666667 + r * (0.041666668 + r * (0.0083333338 + r * (0.0013888889 + r * 0.0001984127))))));
    let m = Math.floor(Math.abs(n) * 0.5);
    const rest = Math.abs(n) - 2 * m;
    let b = 2;
    if (n < 0) {
      b = 0.5;
    }
    if (rest > 0.5) {
      e = e * b;
    }
    for (let i = 0; i < 7; i++) {
      const h = Math.floor(m * 0.5);
      if (m - 2 * h > 0.5) {
        e = (e * b) * b;
      }
      b = b * b;
      m = h;
    }
    return e;
  }`,
  // ln x: near 1 a series, elsewhere one Newton step from the device's logarithm.
  `function logarithm(x) {
    let r = Math.log(x);
    if (x > 0.7) {
      if (x < 1.4) {
        r = logNear((x - 1) / (x + 1));
      }
    }
    if (Math.abs(r) > 0.3) {
      if (Math.abs(r) < 85) {
        const e = exponential(r);
        r = r + 2 * ((x - e) / (x + e));
      }
    }
    return r;
  }`
]

/**
 * Functions that kernels call, as texts with braces everywhere and no arrow, closure or default. Devices have a sine that
 * is off by 2e-4 and a tanh that is NaN beyond 90, so these are our own.
 */
export const functionsFor = (mode: GpuMode): readonly string[] => [
  ...(mode === 'cpu' || mode === 'webasm' ? onHost : onDevice),
  ...common
]
