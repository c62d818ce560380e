import { isObject, numberAt } from '../../core/json.ts'
import type { TokenCounting } from '../../core/protocol.ts'

/** The parameters of a counting request; it refuses all others. */
const counted = ['model', 'system', 'messages', 'tools', 'tool_choice', 'thinking', 'output_config'] as const

export const messageTokenCounting: TokenCounting = {
  path: () => '/v1/messages/count_tokens',
  requestOf: (body) => body,
  bodyOf: (encoded, model) => {
    const kept = counted.flatMap((key) => (encoded[key] === undefined ? [] : [[key, encoded[key]] as const]))
    return { ...Object.fromEntries(kept), model }
  },
  read: (body) => (isObject(body) ? numberAt(body, 'input_tokens') : undefined),
  encode: (tokens) => ({ input_tokens: tokens }),
}
