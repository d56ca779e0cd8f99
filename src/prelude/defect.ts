/**
 * The only `throw` of the project: a bug of the caller (a shape mismatch, a violated precondition), never an
 * outcome that a correct caller can meet; those are `Left`s.
 */
export const defect = (message: string): never => {
  throw new TypeError(`impflow: ${message}`)
}
