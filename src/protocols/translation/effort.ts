import type { Effort } from '../../core/call.ts'

/** Budgets that stand for efforts, by what Google and the gateways took to be the same (`reference` §2.7). */
const budgets: readonly (readonly [Effort, number])[] = [
  ['none', 0],
  ['minimal', 1024],
  ['low', 1024],
  ['medium', 8192],
  ['high', 24_576],
  ['xhigh', 32_768],
  ['max', 65_536],
]

export function budgetOf(effort: Effort): number {
  return budgets.find(([name]) => name === effort)?.[1] ?? 8192
}

/** The effort whose budget is nearest; of two with the same budget the more usual one. */
export function effortOf(budgetTokens: number): Effort {
  if (budgetTokens <= 0) return 'none'
  const usual = budgets.filter(([name]) => name !== 'minimal' && name !== 'none')
  const nearest = usual.reduce((best, entry) =>
    Math.abs(entry[1] - budgetTokens) < Math.abs(best[1] - budgetTokens) ? entry : best,
  )
  return nearest[0]
}

/** The nearest of the efforts that a model knows. */
export function nearestEffort(effort: Effort, known: readonly Effort[]): Effort {
  if (known.includes(effort)) return effort
  const order = budgets.map(([name]) => name)
  const at = order.indexOf(effort)
  const distance = (name: Effort) => Math.abs(order.indexOf(name) - at)
  return [...known].sort((a, b) => distance(a) - distance(b))[0] ?? effort
}
