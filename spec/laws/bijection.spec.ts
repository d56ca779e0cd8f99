import { describe } from 'vitest'
import { bijection } from '../../src/laws/bijection.js'
import { run } from '../support/law.js'
import { flows, otherFlows } from './support/subjects.js'

describe('every kind of block keeps the laws of bijections', () => {
  for (const flow of flows) run(bijection(flow))
  for (const flow of otherFlows) run(bijection(flow), { cases: 30 })
})
