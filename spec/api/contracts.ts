/** What the types refuse. Never run: `npm run types` and `api.spec.ts` check that each line is an error. */
import {
  type Architecture,
  add,
  type Backend,
  backendOf,
  type Contractive,
  contractiveMlp,
  grad,
  implicit,
  type Key,
  logProb,
  type Method,
  type MlpShape,
  matmul,
  mlp,
  type Normed,
  residual,
  root,
  type Smooth,
  sampleNormal,
  scalar,
  sum,
  type Tensor
} from '../../src/index.js'

declare const method: Method
declare const shape: MlpShape
declare const smooth: Smooth
declare const key: Key
declare const tensor: Tensor

/** A proved net becomes a flow. */
export const flow = implicit(method)(contractiveMlp(shape), contractiveMlp(shape))

// @ts-expect-error a plain net has no proved Lipschitz constant
residual(method)(mlp(shape))

// @ts-expect-error nor has one with a bound that somebody claims
residual(method)({ net: () => smooth, bound: () => scalar(0.5) })

// @ts-expect-error a proof cannot be written by hand
export const forged: Contractive<Normed> = { net: () => smooth, bound: () => scalar(0.5) }

// @ts-expect-error a number stands for a tensor in elementwise operations only
sum(1)

// @ts-expect-error an array of numbers is no tensor
matmul([[1]], [[1]])

// @ts-expect-error an expression is never changed
tensor.shape = [1]

// @ts-expect-error nor is its shape
tensor.shape[0] = 1

// @ts-expect-error the gradient of a function to numbers does not exist
grad((x: Tensor) => x.shape.length)

// @ts-expect-error a root needs a contraction
root(z => add(z, 1), { start: scalar(0) })

// @ts-expect-error a density needs the flow's parameters first
logProb(flow)(tensor)(tensor)

// @ts-expect-error randomness comes from a key
sampleNormal(7)(3)

// @ts-expect-error a key is two words and is never changed
key[0] = 1

// @ts-expect-error there is no such activation
export const activation: Architecture['activation'] = 'relu'

// @ts-expect-error a backend may be missing: the Left must be looked at
export const backend: Backend = backendOf('onnx', 'float32')
