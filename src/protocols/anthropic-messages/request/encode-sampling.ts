import type { JsonObject } from '../../../core/json.ts'
import type { RequestEncoding } from './request-encoding.ts'

/** The lowest `top_p` that is taken while a model thinks. */
const minTopPThinking = 0.95

/** Temperature and its kin as far as the model takes them, and what ends the answer. */
export function encodeSampling(encoding: RequestEncoding, thinks: boolean): JsonObject {
  const { call, family, lost } = encoding
  const refuses = family.refusesSampling === 'always' || (family.refusesSampling === 'reasoning' && thinks)
  const temperature = temperatureFor(encoding, refuses)
  const topP = topPFor(encoding, { refuses, hasTemperature: temperature !== null })
  if (refuses && call.topK !== null) lost.lose('top_k')
  const stop = call.stop.filter((sequence) => sequence.trim() !== '')
  if (stop.length < call.stop.length) lost.lose('stop_of_spaces')
  return {
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { top_p: topP }),
    ...(!refuses && call.topK !== null && { top_k: call.topK }),
    ...(stop.length > 0 && { stop_sequences: stop }),
  }
}

/** At most 1, which is also the default. */
function temperatureFor({ call, lost }: RequestEncoding, refuses: boolean): number | null {
  const { temperature } = call
  if (temperature === null) return null
  if (refuses ? temperature !== 1 : temperature > 1) lost.lose('temperature')
  return refuses ? null : Math.min(temperature, 1)
}

/** Newer models take either temperature or `top_p`. */
function topPFor(
  { call, family, lost }: RequestEncoding,
  { refuses, hasTemperature }: { refuses: boolean; hasTemperature: boolean },
): number | null {
  const { topP } = call
  if (topP === null) return null
  const takes = refuses
    ? family.refusesSampling === 'reasoning' && topP >= minTopPThinking
    : !hasTemperature || family.refusesSampling === 'never'
  if (takes) return topP
  if (topP !== 1) lost.lose('top_p')
  return null
}
