import type { CompareLevel } from '../../diff/difference.ts'
import type { ExchangeView, LegView } from '../../view/view.ts'
import type { CaptureEntry } from '../../writer/entries.ts'
import { type ReplayClient, replayClient } from '../client.ts'
import { clientRequest } from '../client-request.ts'
import type { ReplayedExchange, ReplayOutcome } from '../outcome.ts'
import type { ReplayTarget, StartReplayProxy } from '../ports.ts'
import { answerAgain } from './answer-again.ts'
import { compareRun } from './compare-run.ts'
import { Passing } from './passing.ts'
import { recordedBackends, recordedTargets } from './recorded-backends.ts'
import { startRecordedProvider } from './recorded-provider.ts'
import { refusalOf } from './unreached.ts'
import { VirtualClock } from './virtual-clock.ts'
import { whyNotHere } from './why-not-here.ts'

export interface SelfSettings {
  /** In the order of opening. */
  exchanges: readonly ExchangeView[]
  level: CompareLevel
  startProxy: StartReplayProxy
  signal: AbortSignal
  /** Is given all that passes, to be saved. */
  write?: (entry: CaptureEntry) => void
}

/**
 * Sends what clients asked through a proxy in this process whose providers answer from the recording, one exchange
 * after the other, and compares what the proxy made of it on its way in and out. Time is the recording's.
 */
export async function* replaySelf(settings: SelfSettings): AsyncGenerator<ReplayedExchange> {
  const { exchanges, signal } = settings
  const run = await SelfRun.start(settings)
  try {
    for (const recorded of exchanges) {
      if (signal.aborted) return
      yield { recorded, outcome: await run.outcome(recorded), lateMs: null }
    }
  } finally {
    await run.close()
  }
}

/** Without a sign of life for so long, the proxy has got stuck. */
const stuckMs = 30_000
/** Nothing passes for so long: what the proxy waits for is the time. */
const idleMs = 50

class SelfRun {
  readonly #settings: SelfSettings
  readonly #clock: VirtualClock
  readonly #passing: Passing
  #client: ReplayClient | null = null
  #closes: (() => Promise<void>)[] = []
  #recorded: ExchangeView | null = null
  #targets: readonly ReplayTarget[] = []
  /** Requests that the provider answers now. */
  #answering = 0
  #leaving = new AbortController()
  #received = 0

  private constructor(settings: SelfSettings) {
    this.#settings = settings
    this.#clock = new VirtualClock(settings.exchanges[0]?.openedAtNs ?? 0)
    this.#passing = new Passing((t) => t, settings.write)
  }

  static async start(settings: SelfSettings): Promise<SelfRun> {
    const run = new SelfRun(settings)
    try {
      await run.#start()
    } catch (error) {
      await run.close()
      throw error
    }
    return run
  }

  async #start(): Promise<void> {
    const provider = await startRecordedProvider(async (response) => {
      const recorded = this.#recorded
      if (!recorded) return void response.writeHead(404).end()
      this.#answering++
      try {
        await this.#answer(recorded, response)
      } finally {
        this.#answering--
        this.#passing.wake()
      }
    })
    this.#closes.push(() => provider.close())
    const proxy = await this.#settings.startProxy({
      backends: recordedBackends(this.#settings.exchanges),
      targets: () => this.#targets,
      attempts: () => Math.max(1, this.#recorded?.attempts.length ?? 1),
      monitor: this.#passing.monitor,
      clock: this.#clock,
      dial: () => {
        const refusal = this.#recorded && refusalOf(this.#recorded, this.#passing.attempts)
        if (refusal) throw refusal
        return provider.origin
      },
    })
    this.#closes.push(() => proxy.close())
    this.#client = replayClient(proxy.url)
    this.#closes.push(async () => this.#client?.close())
  }

  async outcome(recorded: ExchangeView): Promise<ReplayOutcome> {
    const reason = whyNotHere(recorded)
    if (reason !== null || recorded.ctp === null) return { verdict: 'skipped', reason: reason ?? '' }
    await this.#clock.jumpTo(recorded.openedAtNs)
    this.#recorded = recorded
    this.#targets = recordedTargets(recorded)
    this.#leaving = new AbortController()
    this.#received = 0
    const end = await this.#send({ ...recorded, ctp: recorded.ctp })
    this.#recorded = null
    const replayed = this.#passing.release()
    if (replayed === null) return { verdict: 'failed', reason: end ?? 'the proxy did not see the request' }
    if (end !== null && replayed.ptc === null) return { verdict: 'failed', reason: end }
    return compareRun(recorded, replayed, this.#settings.level)
  }

  /** Null, or why there is no answer. */
  async #send(recorded: ExchangeView & { ctp: LegView }): Promise<string | null> {
    const { signal } = this.#settings
    const stop = () => this.#leaving.abort()
    signal.addEventListener('abort', stop, { once: true })
    let fault: string | null | undefined
    const listener = {
      head: () => {},
      data: (bytes: Uint8Array) => {
        this.#received += bytes.length
        this.#passing.wake()
      },
    }
    void this.#client?.send(clientRequest(recorded), listener, this.#leaving.signal).then((end) => {
      fault = end.why === 'error' ? end.error.message : null
      this.#passing.wake()
    })
    const isStuck = await this.#untilOver(recorded, () => fault !== undefined)
    signal.removeEventListener('abort', stop)
    if (!isStuck) return fault ?? null
    this.#leaving.abort()
    await this.#passing.until(() => this.#passing.isClosed, stuckMs)
    return `nothing passed through the proxy for ${stuckMs / 1000} s`
  }

  /** Lets the recorded time go on wherever nothing but time is waited for. True: it got stuck. */
  async #untilOver(recorded: ExchangeView, isAnswered: () => boolean): Promise<boolean> {
    let idleSinceMs: number | null = null
    while (!(isAnswered() && this.#passing.isClosed && this.#answering === 0)) {
      const attempts = this.#passing.attempts
      await this.#passing.next(idleMs)
      const isIdle = this.#answering === 0 && this.#passing.attempts === attempts
      if (!isIdle) idleSinceMs = null
      else if (idleSinceMs === null) idleSinceMs = performance.now()
      else if (performance.now() - idleSinceMs > stuckMs) return true
      else if (performance.now() - idleSinceMs >= idleMs) await this.#letTimePass(recorded)
    }
    return false
  }

  async #letTimePass(recorded: ExchangeView): Promise<void> {
    const { nextDueNs } = this.#clock
    const dueNs = nextDueNs ?? recorded.lastAtNs
    await this.#leaveBy(dueNs, recorded)
    if (nextDueNs !== null) await this.#clock.stepTo(nextDueNs)
  }

  async #answer(recorded: ExchangeView, response: Parameters<typeof answerAgain>[2]): Promise<void> {
    const number = this.#passing.attempts
    const attempt = recorded.attempts.find((each) => each.number === number)
    if (!attempt) return void response.writeHead(503, { 'x-llmproxy-replay': 'miss' }).end()
    await answerAgain(attempt.btp, number, response, {
      ...{ clock: this.#clock, passing: this.#passing },
      before: (atNs) => this.#leaveBy(atNs, recorded),
    })
  }

  /** The client left before that: it leaves now, once it has had as much as then. */
  async #leaveBy(atNs: number, { ptc, ctp }: ExchangeView): Promise<void> {
    const left =
      ptc?.end?.why === 'abort_client' ? ptc.end : ctp?.end?.why === 'abort_client' ? ctp.end : null
    if (left === null || left.atNs > atNs || this.#leaving.signal.aborted) return
    const wanted = ptc?.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0
    await this.#clock.stepTo(left.atNs)
    await this.#passing.until(() => this.#received >= wanted, idleMs * 10)
    this.#leaving.abort()
    await this.#passing.until(() => this.#passing.isClosed, idleMs * 10)
  }

  async close(): Promise<void> {
    for (const close of this.#closes.reverse()) await close().catch(() => {})
    this.#closes = []
  }
}
