import type { ReportedUsage } from '../../core/usage.ts'

/** Whether a usage tells something that a protocol has no field for; `told` are the parts that it has. */
export function tellsMore(
  usage: ReportedUsage | null | undefined,
  told: readonly (keyof ReportedUsage)[],
): boolean {
  const always: readonly (keyof ReportedUsage)[] = ['promptTokens', 'completionTokens', 'totalTokens']
  const keys = Object.keys(usage ?? {}) as (keyof ReportedUsage)[]
  return keys.some((key) => usage?.[key] !== undefined && !told.includes(key) && !always.includes(key))
}
