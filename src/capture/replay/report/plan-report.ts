import type { ExchangeView } from '../../view/view.ts'
import type { LivePlan } from '../live/live-plan.ts'

/** An exchange that is not sent, and why. */
export interface SkippedReport {
  exchange: string
  reason: string
}

/** What a replay would do, as `--dry-run` tells it. */
export interface PlanReport {
  type: 'plan'
  mode: 'against' | 'self'
  target: string | null
  requests: number
  sessions: number
  /** By the recording's times at the speed that was asked for; null: as fast as it goes. */
  takes_ms: number | null
  /** What the recorded answers cost, where that is known. */
  recorded_cost_usd: number | null
  skipped: SkippedReport[]
}

/** The same of one that is billed. */
export interface LivePlanReport {
  type: 'plan'
  mode: 'live'
  hosts: string[]
  requests: number
  models: PlannedModel[]
  prompt_tokens: number
  max_output_tokens: number
  /** Null: a price is not known. */
  cost_low_usd: number | null
  cost_high_usd: number | null
  skipped: SkippedReport[]
}

export interface PlannedModel {
  backend: string
  /** Null: as the request says. */
  model: string | null
  requests: number
  prompt_tokens: number
  max_output_tokens: number
  cost_low_usd: number | null
  cost_high_usd: number | null
}

export interface Planned {
  /** In the order of their opening. */
  sent: readonly ExchangeView[]
  skipped: readonly { recorded: ExchangeView; reason: string }[]
}

export function planReport(
  { sent, skipped }: Planned,
  about: { mode: 'against' | 'self'; target: string | null; speed: number | null },
): PlanReport {
  const { mode, target, speed } = about
  const spanMs = ((sent.at(-1)?.openedAtNs ?? 0) - (sent[0]?.openedAtNs ?? 0)) / 1e6
  return {
    ...{ type: 'plan', mode, target, requests: sent.length },
    sessions: new Set(sent.flatMap(({ session }) => session ?? [])).size,
    takes_ms: speed === null ? null : spanMs / speed,
    recorded_cost_usd: recordedCost(sent),
    skipped: skipped.map(skippedReport),
  }
}

export function livePlanReport(plan: LivePlan, hosts: readonly string[]): LivePlanReport {
  const models = new Map<string, PlannedModel>()
  for (const { target, estimate } of plan.requests) {
    const { backend, model } = target
    const key = JSON.stringify([backend, model])
    const so = models.get(key) ?? {
      ...{ backend, model, requests: 0, prompt_tokens: 0, max_output_tokens: 0 },
      ...{ cost_low_usd: 0, cost_high_usd: 0 },
    }
    models.set(key, {
      ...{ backend, model, requests: so.requests + 1 },
      prompt_tokens: so.prompt_tokens + estimate.promptTokens,
      max_output_tokens: so.max_output_tokens + estimate.maxOutputTokens,
      cost_low_usd: sum(so.cost_low_usd, estimate.lowUsd),
      cost_high_usd: sum(so.cost_high_usd, estimate.highUsd),
    })
  }
  const rows = [...models.values()]
  return {
    ...{ type: 'plan', mode: 'live', hosts: [...hosts], requests: plan.requests.length, models: rows },
    prompt_tokens: rows.reduce((all, row) => all + row.prompt_tokens, 0),
    max_output_tokens: rows.reduce((all, row) => all + row.max_output_tokens, 0),
    cost_low_usd: rows.reduce<number | null>((all, row) => sum(all, row.cost_low_usd), 0),
    cost_high_usd: rows.reduce<number | null>((all, row) => sum(all, row.cost_high_usd), 0),
    skipped: plan.skipped.map(skippedReport),
  }
}

function skippedReport({ recorded, reason }: Planned['skipped'][number]): SkippedReport {
  return { exchange: recorded.id, reason }
}

function recordedCost(sent: readonly ExchangeView[]): number | null {
  const costs = sent.flatMap(({ closed }) =>
    (closed?.attempts ?? []).flatMap(({ cost_usd }) => cost_usd ?? []),
  )
  return costs.length === 0 ? null : costs.reduce((all, cost) => all + cost, 0)
}

function sum(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}
