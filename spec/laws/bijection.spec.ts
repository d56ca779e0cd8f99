import { describe } from 'vitest'
import { bijection } from '../../src/laws/bijection.js'
import { run } from '../support/law.js'
import { flows } from './support/subjects.js'

describe('every kind of block keeps the laws of bijections', () => {
  for (const flow of flows) run(bijection(flow))
})
