import { setImmediate as otherWork } from 'node:timers/promises'
import type { ComparedExchange } from '../../core/compared-exchange.ts'
import { type RuleEffectiveness, RuleTally } from './rule-tally.ts'
import { Slices } from './slices.ts'

export type { RuleEffectiveness } from './rule-tally.ts'

/**
 * What each rule's replacement did to errors, times, tokens and cost, against the requests whose roll was lost
 * (`spec/replacement.md`, effectiveness); one entry a rule, by its text. The same exchanges in any order give the same.
 * Memory is bounded for each rule; the thread is let go every few milliseconds.
 */
export async function effectiveness(
  exchanges: Iterable<ComparedExchange> | AsyncIterable<ComparedExchange>,
): Promise<RuleEffectiveness[]> {
  const slices = new Slices()
  const rules = new Map<string, RuleTally>()
  for await (const exchange of exchanges) {
    let tally = rules.get(exchange.rule)
    if (!tally) {
      tally = new RuleTally(exchange.rule)
      rules.set(exchange.rule, tally)
    }
    tally.add(exchange)
    if (slices.isOver()) await otherWork()
  }
  const found: RuleEffectiveness[] = []
  for (const rule of [...rules.keys()].sort()) {
    const tally = rules.get(rule)
    if (tally) found.push(await tally.result(slices))
  }
  return found
}
