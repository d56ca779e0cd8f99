import type { EvaluateError } from '../../distribution/evaluate.js'

/** One sentence on why a model could not be evaluated. */
export const evaluateErrorMessage = (error: EvaluateError): string => {
  switch (error.tag) {
    case 'Backend':
      return error.message
    case 'NotContractive':
      return `${error.net} has Lipschitz bound ${error.bound}, which is not below 1: the flow need not be invertible.`
    case 'Unconverged':
      return (
        `Sample ${error.sample}: a root did not converge in ${error.steps} steps ` +
        `(residual ${error.residual.toExponential(1)}, error bound ${error.bound.toExponential(1)}).`
      )
  }
}
