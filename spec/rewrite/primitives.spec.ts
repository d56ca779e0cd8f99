import { describe } from 'vitest'
import { applicable } from '../../src/laws/applications.js'
import { primitive } from '../../src/laws/primitive.js'
import { run } from '../support/law.js'

for (const name of applicable)
  describe(`${name}`, () => {
    run(primitive(name))
  })
