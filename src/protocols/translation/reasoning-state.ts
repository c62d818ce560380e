import type { ReasoningState } from '../../core/call.ts'
import type { Json } from '../../core/json.ts'
import { type ProtocolName, protocolNames } from '../../core/protocol-name.ts'

/**
 * 12 bytes, so that the base64 of every seal begins with the same 16 characters. Base64 as a whole, because
 * Gemini's and Anthropic's clients may decode these fields as bytes.
 */
const mark = 'llmproxy/v1/'
export const sealMark: string = Buffer.from(mark).toString('base64')

/** A state of another protocol as a string for a field that the client echoes. */
export function sealState(state: ReasoningState): string {
  const { protocol, model, kind, data } = state
  return Buffer.from(mark + JSON.stringify([protocol, model, kind, data])).toString('base64')
}

/** What a client echoed: a sealed state of ours, or its own protocol's (`native` says of which kind). */
export function readState(
  data: string,
  native: { protocol: ProtocolName; kind: ReasoningState['kind'] },
): ReasoningState {
  return unsealed(data) ?? { ...native, model: null, data }
}

/** Whether a model at a backend can read a state: its own words, from that very model. */
export function isReadableBy(
  state: ReasoningState,
  reader: { protocol: ProtocolName; model: string },
): boolean {
  return state.protocol === reader.protocol && (state.model === null || state.model === reader.model)
}

/** The state as the client of another protocol is to echo it; its own protocol's goes as it is. */
export function stateForClient(
  state: Omit<ReasoningState, 'model'>,
  source: { protocol: ProtocolName; model: string },
  client: ProtocolName,
): string {
  return state.protocol === client ? state.data : sealState({ ...state, model: source.model })
}

/** The state in a seal of ours; undefined for anything else. */
export function unsealed(data: string): ReasoningState | undefined {
  if (!data.startsWith(sealMark)) return undefined
  try {
    const parts = JSON.parse(Buffer.from(data, 'base64').subarray(mark.length).toString('utf8')) as Json
    return Array.isArray(parts) ? stateOf(parts) : undefined
  } catch {
    return undefined
  }
}

const kinds: readonly ReasoningState['kind'][] = ['signature', 'redacted', 'encrypted', 'thought_signature']

function stateOf([protocol, model, kind, data]: readonly Json[]): ReasoningState | undefined {
  const knownProtocol = protocolNames.find((name) => name === protocol)
  const knownKind = kinds.find((name) => name === kind)
  if (knownProtocol === undefined || knownKind === undefined || typeof data !== 'string') return undefined
  return {
    protocol: knownProtocol,
    model: typeof model === 'string' ? model : null,
    kind: knownKind,
    data,
  }
}
