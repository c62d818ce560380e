import type { LivePlan } from '../../../capture/replay/live/live-plan.ts'
import type { Spending } from '../../../capture/replay/live/spending.ts'
import type { Replay } from '../../../capture/replay/outcome.ts'
import type { LivePlanReport, PlanReport } from '../../../capture/replay/report/plan-report.ts'
import type { ExchangeView } from '../../../capture/view/view.ts'
import type { CaptureEntry } from '../../../capture/writer/entries.ts'
import { nearest } from '../../../core/nearest.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import type { AskedReplay } from './asked-replay.ts'
import type { LiveBackend, ReplayParts } from './replay-parts.ts'
import type { ReplayTargetUrl } from './target-of.ts'

type Write = ((entry: CaptureEntry) => void) | undefined

/** All that is known before anything is sent, and how to send it. */
export interface PreparedReplay {
  plan: PlanReport | LivePlanReport
  target: string | null
  /** Of a live one. */
  spending: Spending | null
  run(signal: AbortSignal, write: Write): Replay
}

export interface PrepareParts {
  parts: ReplayParts
  asked: AskedReplay
  exchanges: readonly ExchangeView[]
  /** Of all but `--self`, and `--live --backend`. */
  target: ReplayTargetUrl | null
}

export function preparedReplay(prepare: PrepareParts): PreparedReplay | Promise<PreparedReplay> {
  const { how } = prepare.asked
  if (how.mode === 'self') return preparedSelf(prepare)
  return how.mode === 'against' ? preparedAgainst(prepare, how) : preparedLive(prepare, how)
}

function preparedSelf({ parts, asked, exchanges }: PrepareParts): PreparedReplay {
  const { replay, startProxy } = parts
  const sent = exchanges.slice(0, asked.maxRequests)
  const skipped = beyond(exchanges, asked)
  return {
    ...{ target: null, spending: null },
    plan: replay.planReport({ sent, skipped }, { mode: 'self', target: null, speed: null }),
    async *run(signal, write) {
      yield* skippedOnes(skipped)
      yield* replay.replaySelf({
        ...{ exchanges: sent, level: asked.level, startProxy: await startProxy(), signal },
        ...(write && { write }),
      })
    },
  }
}

function preparedAgainst(
  { parts, asked, exchanges, target }: PrepareParts,
  how: Extract<AskedReplay['how'], { mode: 'against' }>,
): PreparedReplay {
  if (target === null) throw new Error('a replay against a proxy has no target')
  const { replay, clock, nextId } = parts
  const ids = new Set(replay.givenResponseIds(exchanges).keys())
  const skipped: LivePlan['skipped'] = []
  const sendable = exchanges.filter((recorded) => {
    const reason = replay.whyNotAgainst(recorded, ids)
    if (reason !== null) skipped.push({ recorded, reason })
    return reason === null
  })
  const sent = sendable.slice(0, asked.maxRequests)
  skipped.push(...beyond(sendable, asked))
  return {
    ...{ target: target.url, spending: null },
    plan: replay.planReport({ sent, skipped }, { mode: 'against', target: target.url, speed: how.speed }),
    async *run(signal, write) {
      yield* skippedOnes(skipped)
      yield* replay.replayAgainst({
        ...{ exchanges: sent, level: asked.level, url: target.url, accessKey: target.accessKey },
        ...{ speed: how.speed, concurrency: how.concurrency, clock, nextId, signal, write },
      })
    },
  }
}

async function preparedLive(
  { parts, asked, exchanges, target }: PrepareParts,
  how: Extract<AskedReplay['how'], { mode: 'live' }>,
): Promise<PreparedReplay> {
  const { replay, clock, nextId } = parts
  const { backends, costs } = await parts.live()
  const backend = how.backend === null ? null : backendNamed(how.backend, backends)
  const plan = replay.planLive({
    ...{ exchanges, costs, maxRequests: asked.maxRequests, maxOutputTokens: how.maxOutputTokens },
    targetOf: (recorded) =>
      backend === null
        ? recordedTarget(recorded)
        : { backend: backend.name, backendType: backend.type, model: how.model ?? recordedModel(recorded) },
    atMs: clock.nowMs(),
  })
  refuseUnpriced(plan, how.maxUsd)
  const spending = new replay.Spending({ maxUsd: how.maxUsd })
  const host = backend?.host ?? (target === null ? '' : new URL(target.url).host)
  return {
    ...{ spending, target: backend?.name ?? target?.url ?? null },
    plan: replay.livePlanReport(plan, host === '' ? [] : [host]),
    async *run(signal, write) {
      const of = { clock, nextId, costs, write }
      const sender =
        backend === null
          ? replay.toProxy(target?.url ?? '', target?.accessKey ?? null, of)
          : await replay.throughBackend(await parts.startProxy(), of)
      try {
        yield* replay.replayLive({ plan, level: asked.level, sender, spending, signal })
      } finally {
        await sender.close()
      }
    },
  }
}

/** Throws a failure of usage for one that is not there, or cannot be asked. */
function backendNamed(name: string, backends: readonly LiveBackend[]): LiveBackend {
  const found = backends.find((backend) => backend.name === name)
  if (found?.why === null) return found
  if (found) throw new Failure(`${name} cannot be asked: ${found.why}`, exitCodes.usage)
  const names = backends.map((backend) => backend.name)
  const near = nearest(name, names)
  const question = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`
  throw new Failure(
    `--backend: the configuration has no backend ${JSON.stringify(name)}; ${question}`,
    exitCodes.usage,
  )
}

/** As it was asked of its provider: an alias or a selector means nothing elsewhere. */
function recordedModel({ attempts, requestedModel }: ExchangeView): string | null {
  return attempts.at(-1)?.model ?? requestedModel
}

function recordedTarget(recorded: ExchangeView) {
  const last = recorded.attempts.at(-1)
  const backend = last?.backend ?? 'unknown'
  return { backend, backendType: last?.backendType ?? backend, model: recordedModel(recorded) }
}

function refuseUnpriced(plan: LivePlan, maxUsd: number | null): void {
  const unpriced = plan.requests.find(({ estimate }) => estimate.highUsd === null)
  if (maxUsd === null || !unpriced) return
  const { backend, model } = unpriced.target
  throw new Failure(`--max-cost cannot be kept: ${backend}:${model ?? '…'} has no price`, exitCodes.notDone, [
    `usage_tracking: {prices: {"${backend}:${model ?? '…'}": {input: …, output: …}}}`,
  ])
}

function beyond(exchanges: readonly ExchangeView[], { maxRequests }: AskedReplay): LivePlan['skipped'] {
  const reason = `beyond the first ${maxRequests} (--max-requests)`
  return exchanges.slice(maxRequests).map((recorded) => ({ recorded, reason }))
}

function* skippedOnes(skipped: LivePlan['skipped']) {
  for (const { recorded, reason } of skipped)
    yield { recorded, outcome: { verdict: 'skipped' as const, reason }, lateMs: null }
}
