import type { CostKind } from '../core/cost.ts'
import type { ReportedUsage } from '../core/usage.ts'

/** A report as amounts that overlap nowhere, so that each token is charged once. */
export interface SplitTokens {
  promptTokens: number
  amounts: readonly (readonly [CostKind, number])[]
}

/**
 * Null where the report does not tell how long the prompt was. A report that contradicts itself (more read from
 * a cache than sent) is cut to what the prompt can hold, reads before writes before audio, so nothing is negative.
 * Audio counts as not cached as far as the prompt has room: no report says which part of it was.
 */
export function splitTokens(usage: ReportedUsage): SplitTokens | null {
  const totals = totalsOf(usage)
  if (totals === null) return null
  const { promptTokens, completionTokens } = totals
  const read = Math.min(counted(usage.cachedTokens), promptTokens)
  const hour = counted(usage.cacheWrite1hTokens)
  const written = Math.min(Math.max(counted(usage.cacheWriteTokens), hour), promptTokens - read)
  const writtenHour = Math.min(hour, written)
  const heard = Math.min(counted(usage.promptAudioTokens), promptTokens - read - written)
  const spoken = Math.min(counted(usage.completionAudioTokens), completionTokens)
  const amounts: [CostKind, number][] = [
    ['input', promptTokens - read - written - heard],
    ['cache_read', read],
    ['cache_write', written - writtenHour],
    ['cache_write_1h', writtenHour],
    ['input_audio', heard],
    ['output', completionTokens - spoken],
    ['output_audio', spoken],
  ]
  return { promptTokens, amounts: amounts.filter(([, tokens]) => tokens > 0) }
}

/** What one report leaves out follows from the total; embeddings report no completion at all. */
function totalsOf({ promptTokens, completionTokens, totalTokens }: ReportedUsage) {
  if (isCount(promptTokens)) {
    const rest = isCount(totalTokens) ? Math.max(0, totalTokens - promptTokens) : 0
    return { promptTokens, completionTokens: isCount(completionTokens) ? completionTokens : rest }
  }
  if (!isCount(completionTokens) || !isCount(totalTokens)) return null
  return { promptTokens: Math.max(0, totalTokens - completionTokens), completionTokens }
}

function counted(tokens: number | undefined): number {
  return isCount(tokens) ? tokens : 0
}

function isCount(tokens: number | undefined): tokens is number {
  return tokens !== undefined && Number.isSafeInteger(tokens) && tokens >= 0
}
