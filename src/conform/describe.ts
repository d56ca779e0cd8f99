import { either as E } from 'fp-ts'
import { activationNames } from '../interop/oracle.js'
import type { WireActivation } from './block.js'
import { capabilities } from './case.js'
import type { Description } from './cases.js'
import { protocolVersion } from './protocol.js'
import type { Answer } from './question.js'

const isActivation = (name: unknown): name is WireActivation => typeof name === 'string' && name in activationNames

/** What a description says, or what is wrong with it in a few words. Capabilities that are not known are left alone. */
export const parseDescription = (answer: Answer): E.Either<string, Description> => {
  const { ok, protocol, name, dimension = null, activations = [] } = answer
  const said = answer['capabilities']
  if (ok !== true) return E.left('describe is refused')
  if (protocol !== protocolVersion)
    return E.left(`protocol is ${JSON.stringify(protocol)}, where ${protocolVersion} should be`)
  if (typeof name !== 'string') return E.left('name is missing, where a text should be')
  if (!Array.isArray(said)) return E.left('capabilities is missing, where a list of operations should be')
  if (!Array.isArray(activations)) return E.left('activations is no list')
  const can = capabilities.filter(capability => said.includes(capability))
  const known = activations.filter(isActivation)
  if (!can.includes('forward')) return E.left('capabilities lacks forward, which every law needs')
  if (can.includes('load') && known.length === 0)
    return E.left(`activations has none of ${Object.keys(activationNames).join(', ')}, which load needs`)
  if (!can.includes('load') && !(Number.isInteger(dimension) && (dimension as number) >= 1))
    return E.left(`dimension is ${JSON.stringify(dimension)}, where without load a whole number from 1 should be`)
  return E.right({ name, capabilities: can, activations: known, dimension: dimension as number | null })
}
