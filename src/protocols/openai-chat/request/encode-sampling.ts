import type { JsonObject } from '../../../core/json.ts'
import type { ChatEncoding } from './chat-encoding.ts'

const maxStops = 4

export function encodeSampling({ call, dialect, family, lost }: ChatEncoding): JsonObject {
  const stop = call.stop.slice(0, maxStops)
  if (call.stop.length > maxStops) lost.lose('stop_sequences_beyond')
  if (call.topK !== null && !dialect.topK) lost.lose('top_k')
  const rest: JsonObject = {
    top_k: dialect.topK ? call.topK : null,
    [dialect.seed]: call.seed,
    stop: stop.length === 0 ? null : stop,
  }
  if (family.refusesSampling !== 'always') {
    return {
      ...{ temperature: call.temperature, top_p: call.topP },
      ...{ frequency_penalty: call.frequencyPenalty, presence_penalty: call.presencePenalty },
      ...rest,
    }
  }
  if (call.temperature !== null && call.temperature !== 1) lost.lose('temperature')
  if (call.topP !== null && call.topP !== 1) lost.lose('top_p')
  if (call.frequencyPenalty) lost.lose('frequency_penalty')
  if (call.presencePenalty) lost.lose('presence_penalty')
  return rest
}
