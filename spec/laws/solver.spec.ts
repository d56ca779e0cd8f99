import { describe } from 'vitest'
import { solverFrom } from '../../src/laws/expressions.js'
import { solver } from '../../src/laws/solver.js'
import { solvers } from '../solve/support/problems.js'
import { run } from '../support/law.js'

describe('every solver keeps the laws of solvers', () => {
  for (const [name, method] of Object.entries(solvers)) run(solver({ ...solverFrom(method), name }))
})
