import type { ReportedUsage } from '../core/usage.ts'

type UsageParts = { [Part in keyof ReportedUsage]: ReportedUsage[Part] | undefined }

/**
 * Leaves out what was not reported. The total is the sum where both parts are known: some vendors' totals
 * count things that their parts do not show, and the parts are what is billed.
 */
export function compactUsage(parts: UsageParts): ReportedUsage {
  const { promptTokens, completionTokens } = parts
  if (promptTokens !== undefined && completionTokens !== undefined) {
    parts.totalTokens = promptTokens + completionTokens
  }
  const known = Object.entries(parts).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known)
}

/** Whether a report names any token at all; mocks and early chunks report zeros. */
function namesTokens(usage: ReportedUsage): boolean {
  return Boolean(usage.promptTokens || usage.completionTokens || usage.totalTokens)
}

/** Takes the newest usage of an answer, but for zeros after a real report. */
export class UsageReports {
  #real = false

  /** Whether this report counts. */
  takes(usage: ReportedUsage): boolean {
    const names = namesTokens(usage)
    const takes = names || !this.#real
    this.#real ||= names
    return takes
  }
}
