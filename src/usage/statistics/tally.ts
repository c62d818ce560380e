import { legs } from '../../core/exchange.ts'
import { BigSum } from './big-sum.ts'
import { Distinct } from './distinct.ts'
import type { Fact } from './fact.ts'
import { Values } from './values.ts'

export const measureNames = [
  'ttft',
  'backendWait',
  'gap',
  'streamTps',
  'proxyProcessing',
  'duration',
] as const
export type MeasureName = (typeof measureNames)[number]

/** Plain sums, each over what is known. Stored roll-ups have them in this order: a new one goes to the end. */
export const sumNames = [
  'requests',
  'responses',
  'errors',
  'attempts',
  'failedAttempts',
  'rejected',
  'disconnects',
  'turns',
  'billedPrompt',
  'billedCompletion',
  'estimated',
  'toolCalls',
  'unpriced',
  'reportedPrompt',
  'reportedCompletion',
  'reportedTotal',
  'withoutReport',
  'reconciledRequests',
  'reconciledProxyTokens',
  'reconciledBackendTokens',
  'cached',
  'cacheWrite',
  'reasoning',
  ...legs,
] as const
export type SumName = (typeof sumNames)[number]

/** Everything that statistics say of a set of records, in a form that can be added to and merged. */
export class Tally {
  readonly sums = eachOf(sumNames, () => 0)
  readonly cost = new BigSum()
  readonly listCost = new BigSum()
  readonly cacheSavings = new BigSum()
  readonly costBySource = new Map<string, BigSum>()
  readonly tools = new Map<string, number>()
  readonly statuses = new Map<string, number>()
  readonly outcomes = new Map<string, number>()
  readonly sessions: Distinct
  readonly measures: Readonly<Record<MeasureName, Values>>
  firstMs = Number.POSITIVE_INFINITY
  lastMs = Number.NEGATIVE_INFINITY

  /** `sketched`: percentiles and sessions are estimated from the first, so that it can be stored in little room. */
  constructor(sketched = false) {
    this.sessions = new Distinct(sketched)
    this.measures = eachOf(measureNames, () => new Values(sketched))
  }

  add(fact: Fact): void {
    const { sums } = this
    sums.requests++
    sums.attempts += fact.attempts
    sums.failedAttempts += fact.failedAttempts
    this.#addOutcome(fact)
    this.#addTokens(fact)
    this.#addCost(fact)
    sums.toolCalls += fact.toolCalls
    for (const name of fact.toolNames) addCount(this.tools, name)
    if (fact.isTurn) sums.turns++
    if (fact.sessionId !== null) this.sessions.add(fact.sessionId)
    this.firstMs = Math.min(this.firstMs, fact.atMs)
    this.lastMs = Math.max(this.lastMs, fact.atMs)
    const { measures: to } = this
    if (fact.ttftMs !== null) to.ttft.add(fact.ttftMs)
    if (fact.backendWaitMs !== null) to.backendWait.add(fact.backendWaitMs)
    if (fact.gapMs !== null) to.gap.add(fact.gapMs)
    if (fact.streamTps !== null) to.streamTps.add(fact.streamTps)
    if (fact.proxyProcessingMs !== null) to.proxyProcessing.add(fact.proxyProcessingMs)
    if (fact.durationMs !== null) to.duration.add(fact.durationMs)
  }

  merge(other: Tally): void {
    for (const name of sumNames) this.sums[name] += other.sums[name]
    this.cost.merge(other.cost)
    this.listCost.merge(other.listCost)
    this.cacheSavings.merge(other.cacheSavings)
    for (const [source, sum] of other.costBySource) this.costOf(source).merge(sum)
    for (const [name, times] of other.tools) addCount(this.tools, name, times)
    for (const [status, times] of other.statuses) addCount(this.statuses, status, times)
    for (const [outcome, times] of other.outcomes) addCount(this.outcomes, outcome, times)
    this.sessions.merge(other.sessions)
    for (const measure of measureNames) this.measures[measure].merge(other.measures[measure])
    this.firstMs = Math.min(this.firstMs, other.firstMs)
    this.lastMs = Math.max(this.lastMs, other.lastMs)
  }

  #addOutcome({ outcome, incompleteReason, status }: Fact): void {
    const { sums } = this
    const isDisconnect = outcome === 'incomplete' && incompleteReason === 'client_disconnect'
    if (status !== null) {
      sums.responses++
      addCount(this.statuses, String(status))
    }
    if (outcome === 'rejected') sums.rejected++
    if (isDisconnect) sums.disconnects++
    if (outcome === 'error' || (outcome === 'incomplete' && !isDisconnect)) sums.errors++
    addCount(this.outcomes, outcome)
  }

  #addTokens(fact: Fact): void {
    const { sums } = this
    sums.CTP += fact.ctp ?? 0
    sums.PTB += fact.ptb ?? 0
    sums.BTP += fact.btp ?? 0
    sums.PTC += fact.ptc ?? 0
    const isReported = fact.tokensSource === 'provider'
    sums.billedPrompt += (isReported ? fact.reportedPrompt : fact.ptb) ?? 0
    sums.billedCompletion += (isReported ? fact.reportedCompletion : fact.btp) ?? 0
    if (fact.tokensSource === 'count') sums.estimated++
    this.#addReport(fact)
    sums.cached += fact.cached ?? 0
    sums.cacheWrite += fact.cacheWrite ?? 0
    sums.reasoning += fact.reasoning ?? 0
  }

  /** Only exchanges that both sides counted are compared. */
  #addReport({ ptb, btp, reportedPrompt, reportedCompletion, reportedTotal }: Fact): void {
    const { sums } = this
    if (reportedTotal === null) {
      sums.withoutReport++
      return
    }
    sums.reportedPrompt += reportedPrompt ?? 0
    sums.reportedCompletion += reportedCompletion ?? 0
    sums.reportedTotal += reportedTotal
    if (ptb === null || btp === null) return
    sums.reconciledRequests++
    sums.reconciledProxyTokens += ptb + btp
    sums.reconciledBackendTokens += reportedTotal
  }

  #addCost(fact: Fact): void {
    if (fact.costNanoUsd !== null) {
      this.cost.add(fact.costNanoUsd)
      if (fact.costSource !== null) this.costOf(fact.costSource).add(fact.costNanoUsd)
    } else if (fact.tokensSource !== null && fact.listCostNanoUsd === null) this.sums.unpriced++
    if (fact.listCostNanoUsd !== null) this.listCost.add(fact.listCostNanoUsd)
    if (fact.cacheSavingsNanoUsd !== null) this.cacheSavings.add(fact.cacheSavingsNanoUsd)
  }

  costOf(source: string): BigSum {
    const known = this.costBySource.get(source)
    if (known) return known
    const sum = new BigSum()
    this.costBySource.set(source, sum)
    return sum
  }
}

function eachOf<Name extends string, Value>(names: readonly Name[], make: () => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, Value>
}

export function addCount(counts: Map<string, number>, name: string, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times)
}
