import type { Clock } from '../../../core/clock.ts'
import { usdOf } from '../../../core/cost.ts'
import { captureMonitor } from '../../monitor/capture-monitor.ts'
import { readAnswer } from '../../view/read-answer.ts'
import type { ExchangeView } from '../../view/view.ts'
import type { CaptureEntry } from '../../writer/entries.ts'
import { replayClient } from '../client.ts'
import { leavesAfterBytes } from '../judge.ts'
import type { ModelCosts, StartReplayProxy } from '../ports.ts'
import { type SentAgain, sendAgain } from '../send-again.ts'
import type { PricedTarget } from './estimate.ts'
import type { PlannedRequest } from './live-plan.ts'
import { ProxyRun } from './proxy-run.ts'

export interface LiveSent extends SentAgain {
  statuses: number[]
  /** By what providers reported; null: not known. */
  costUsd: number | null
}

/** Sends requests to who bills them, one after the other. */
export interface LiveSender {
  send(planned: PlannedRequest, signal: AbortSignal): Promise<LiveSent>
  close(): Promise<void>
}

export interface LiveSenderParts {
  clock: Clock
  nextId: () => string
  costs: ModelCosts
  write?: ((entry: CaptureEntry) => void) | undefined
}

/** Through a proxy in this process, which has the configuration's credentials and translates. */
export async function throughBackend(
  startProxy: StartReplayProxy,
  { clock, nextId, costs, write }: LiveSenderParts,
): Promise<LiveSender> {
  const sinceMs = clock.nowMs() - clock.monotonicNs() / 1e6
  const run = new ProxyRun((t) => sinceMs * 1e6 + t)
  let target: PricedTarget | null = null
  const proxy = await startProxy({
    ...{ backends: null, attempts: null },
    targets: () => (target ? [{ backend: target.backend, model: target.model }] : []),
    monitor: captureMonitor({
      isOn: () => true,
      priceOf: costs.priceOf,
      write(entry) {
        run.take(entry)
        write?.(entry)
      },
    }),
  })
  const client = replayClient(proxy.url)
  const send = sendAgain({ client, clock, nextId })
  return {
    async send({ recorded, request, target: asked }, signal) {
      target = asked
      const sent = await send(recorded, request, { leavesAfter: leavesAfterBytes(recorded), signal })
      // Who stops it must not wait for a proxy that still reads an answer to its end.
      const view = signal.aborted ? null : await run.exchange(recorded.id)
      if (view === null) return { ...sent, ...spentBy(sent.view), costUsd: 0 }
      return { ...sent, view, ...spentBy(view), costUsd: reportedCost(view) }
    },
    async close() {
      await client.close()
      await proxy.close()
    },
  }
}

/** To a proxy elsewhere, which has credentials of its own. */
export function toProxy(
  url: string,
  accessKey: string | null,
  { costs, ...parts }: LiveSenderParts,
): LiveSender {
  const client = replayClient(url, accessKey === null ? [] : [['x-llmproxy-key', accessKey]])
  const send = sendAgain({ ...parts, client })
  return {
    async send({ recorded, request, target }, signal) {
      const sent = await send(recorded, request, { leavesAfter: leavesAfterBytes(recorded), signal })
      return {
        ...sent,
        ...spentBy(sent.view),
        costUsd: costOf(sent.view, target, costs, parts.clock.nowMs()),
      }
    },
    close: () => client.close(),
  }
}

function spentBy({ ptc, attempts }: ExchangeView): { statuses: number[] } {
  const statuses = [ptc?.status, ...attempts.map(({ btp }) => btp?.status)]
  return { statuses: statuses.filter((status) => typeof status === 'number') }
}

/** Of an exchange whose every attempt was priced, or refused. */
function reportedCost({ closed }: ExchangeView): number | null {
  let sum = 0
  for (const { cost_usd, status, error } of closed?.attempts ?? []) {
    const isFree = status !== undefined ? status >= 300 : error === 'connect_failed'
    if (cost_usd === undefined && !isFree) return null
    sum += cost_usd ?? 0
  }
  return sum
}

function costOf(
  { ptc, protocol, stream }: ExchangeView,
  { backend, backendType, model }: PricedTarget,
  { priceOf }: ModelCosts,
  atMs: number,
): number | null {
  const usage = ptc && readAnswer(ptc, protocol, stream).answer?.usage
  if (!usage || model === null) return null
  const cost = priceOf({ backend, backendType, model, usage, atMs })
  return cost === null ? null : usdOf(cost.nanoUsd)
}
