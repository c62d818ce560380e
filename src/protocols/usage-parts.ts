import type { ReportedUsage } from '../core/usage.ts'

type UsageParts = { [Part in keyof ReportedUsage]: ReportedUsage[Part] | undefined }

/**
 * Leaves out what was not reported, and numbers that count nothing (negative, or beyond exact sums). The total is the sum where both parts are known: some vendors' totals
 * count things that their parts do not show, and the parts are what is billed.
 */
export function compactUsage(parts: UsageParts): ReportedUsage {
  const reported: ReportedUsage = Object.fromEntries(Object.entries(parts).filter(([, value]) => says(value)))
  const { promptTokens, completionTokens } = reported
  if (promptTokens !== undefined && completionTokens !== undefined) {
    reported.totalTokens = promptTokens + completionTokens
  }
  return reported
}

function says(value: number | string | undefined): boolean {
  return typeof value === 'number' ? value >= 0 && value <= Number.MAX_SAFE_INTEGER : value !== undefined
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
