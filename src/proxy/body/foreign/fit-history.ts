import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { ProtocolName } from '../../../core/protocol-name.ts'
import { sealMark } from '../../../protocols/translation/reasoning-state.ts'
import type { ForeignHistory } from '../../sessions/session-answers.ts'
import { withoutStates } from './other-states.ts'
import { withoutSeals } from './sealed-state.ts'
import { withSignatures } from './signed-calls.ts'
import { withoutBrokenThinking } from './thinking.ts'

/**
 * A request in the provider's own protocol whose conversation others have answered in part: what would be refused
 * there is taken out. The same buffer where nothing has to be, which is nearly always.
 */
export function fitHistory(bytes: Buffer, protocol: ProtocolName, foreign: ForeignHistory): Buffer {
  const isSealed = bytes.includes(sealMark)
  if (!foreign.turns && !foreign.states && !isSealed) return bytes
  const written = JSON.parse(bytes.toString('utf8')) as Json
  const body = isSealed ? withoutSeals(written) : written
  if (!isObject(body)) return bytes
  const own = foreign.states ? withoutStates(body, protocol) : body
  const fit = fixedFor(protocol, own)
  const text = JSON.stringify(fit)
  return text === JSON.stringify(written) ? bytes : Buffer.from(text)
}

function fixedFor(protocol: ProtocolName, body: JsonObject): JsonObject {
  if (protocol === 'anthropic-messages') return withoutBrokenThinking(body)
  return protocol === 'gemini' ? withSignatures(body) : body
}
