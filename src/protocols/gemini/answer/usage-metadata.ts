import type { JsonObject } from '../../../core/json.ts'
import type { Lost } from '../../../core/losses.ts'
import type { ReportedUsage } from '../../../core/usage.ts'
import { tellsMore } from '../../translation/usage-details.ts'

const told: readonly (keyof ReportedUsage)[] = [
  ...(['cachedTokens', 'reasoningTokens', 'promptAudioTokens', 'completionAudioTokens'] as const),
]
/** Google's tiers, by what others may call them. */
const tiers: ReadonlyMap<string, string> = new Map([
  ['default', 'standard'],
  ['standard', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
])

/** `usageMetadata`, by the identity that Google's clients rely on: the total is prompt, candidates and thoughts. What is not known is left out. */
export function encodeUsageMetadata(usage: ReportedUsage, lost: Lost<'answer', 'gemini'>): JsonObject {
  const { promptTokens, completionTokens, totalTokens, reasoningTokens, cachedTokens } = usage
  const thoughts = Math.min(reasoningTokens ?? 0, completionTokens ?? 0)
  const tier = tiers.get(usage.serviceTier ?? '')
  if (tellsMore(usage, tier === undefined ? told : [...told, 'serviceTier']))
    lost.lose('answer_usage_details')
  const isKnown = promptTokens !== undefined && completionTokens !== undefined
  const members = {
    promptTokenCount: promptTokens,
    cachedContentTokenCount: cachedTokens,
    candidatesTokenCount: completionTokens === undefined ? undefined : completionTokens - thoughts,
    thoughtsTokenCount: reasoningTokens === undefined ? undefined : thoughts,
    totalTokenCount: isKnown ? promptTokens + completionTokens : totalTokens,
    promptTokensDetails: byModality(promptTokens, usage.promptAudioTokens),
    candidatesTokensDetails: byModality(completionTokens, usage.completionAudioTokens, thoughts),
    serviceTier: tier,
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function byModality(
  all: number | undefined,
  audio: number | undefined,
  thoughts = 0,
): JsonObject[] | undefined {
  if (all === undefined || !audio) return undefined
  const text = Math.max(0, all - thoughts - audio)
  return [
    { modality: 'TEXT', tokenCount: text },
    { modality: 'AUDIO', tokenCount: audio },
  ]
}
