import { arrayAt, type Json, numberAt, stringAt } from '../../core/json.ts'
import type { ReportedUsage } from '../../core/usage.ts'
import { filled } from '../substance.ts'
import { compactUsage } from '../usage-parts.ts'

/**
 * Gemini's usage, by the identity `total = prompt + candidates + thoughts + toolUsePrompt`: what tools put into
 * the prompt is prompt, thoughts are completion, and a part that is left out follows from the total.
 */
export function readGeminiUsage(usage: Json | undefined): ReportedUsage | undefined {
  const prompt = numberAt(usage, 'promptTokenCount')
  const total = numberAt(usage, 'totalTokenCount')
  const candidates = numberAt(usage, 'candidatesTokenCount')
  const thoughts = numberAt(usage, 'thoughtsTokenCount')
  if (prompt === undefined && total === undefined && candidates === undefined) return undefined
  const promptTokens =
    prompt === undefined ? undefined : prompt + (numberAt(usage, 'toolUsePromptTokenCount') ?? 0)
  return compactUsage({
    promptTokens,
    completionTokens: completionTokens(promptTokens, candidates, thoughts, total),
    totalTokens: total,
    cachedTokens: numberAt(usage, 'cachedContentTokenCount'),
    promptAudioTokens: audioTokens(usage, 'promptTokensDetails'),
    completionAudioTokens: audioTokens(usage, 'candidatesTokensDetails'),
    reasoningTokens: thoughts,
    serviceTier: filled(stringAt(usage, 'serviceTier')),
  })
}

function completionTokens(
  prompt: number | undefined,
  candidates: number | undefined,
  thoughts: number | undefined,
  total: number | undefined,
): number | undefined {
  if (candidates !== undefined) return candidates + (thoughts ?? 0)
  if (total !== undefined && prompt !== undefined && total >= prompt) return total - prompt
  return thoughts
}

function audioTokens(usage: Json | undefined, key: string): number | undefined {
  for (const detail of arrayAt(usage, key) ?? []) {
    if (stringAt(detail, 'modality') === 'AUDIO') return numberAt(detail, 'tokenCount')
  }
  return undefined
}
