import type { Clock } from '../../../core/clock.ts'
import type { CompareLevel } from '../../diff/difference.ts'
import type { ExchangeView } from '../../view/view.ts'
import type { CaptureEntry } from '../../writer/entries.ts'
import { replayClient } from '../client.ts'
import { clientRequest, whyNotRepeatable } from '../client-request.ts'
import { judge, leavesAfterBytes, whyNotComparable } from '../judge.ts'
import type { ReplayedExchange, ReplayOutcome } from '../outcome.ts'
import { type SentAgain, sendAgain } from '../send-again.ts'
import { causesOf, placed } from './causes.ts'
import { dispatch, type Waiting } from './dispatch.ts'
import { messageOf, refusalOf } from './refusals.ts'
import { askedResponseId, givenResponseId, goingOnFrom } from './response-ids.ts'
import { TargetFault } from './target-fault.ts'

export interface AgainstSettings {
  /** In the order of their opening. */
  exchanges: readonly ExchangeView[]
  level: CompareLevel
  /** Where they are sent: `http://127.0.0.1:8000`. */
  url: string
  /** Opens the target; never a recorded one. */
  accessKey: string | null
  /** Times as fast as recorded; null: as fast as it goes. */
  speed: number | null
  /** At most so many at a time. */
  concurrency: number
  clock: Clock
  nextId: () => string
  signal: AbortSignal
  /** Is given all that passes, to be saved. */
  write?: ((entry: CaptureEntry) => void) | undefined
}

/** Why an exchange is not sent to a target again, in words; null: it is. */
export function whyNotAgainst(exchange: ExchangeView, others: ReadonlySet<string>): string | null {
  const why = whyNotRepeatable(exchange) ?? whyNotComparable(exchange)
  if (why !== null) return why
  const asked = askedResponseId(exchange)
  if (asked === null || others.has(asked)) return null
  return 'it goes on from a response that is not in what is replayed (previous_response_id)'
}

/** The ids of the responses that these exchanges give. */
export function givenResponseIds(exchanges: readonly ExchangeView[]): Map<string, ExchangeView> {
  const asks = exchanges.some((exchange) => askedResponseId(exchange) !== null)
  // Finding them out means reading every answer.
  if (!asks) return new Map()
  return new Map(
    exchanges.flatMap((exchange): [string, ExchangeView][] => {
      const id = givenResponseId(exchange)
      return id === null ? [] : [[id, exchange]]
    }),
  )
}

/**
 * Recorded client requests to a target, in recorded order: each waits for those of its session that were over before it
 * was opened, and at a speed for its time. Throws `TargetFault` where there is nobody to replay against.
 */
export async function* replayAgainst(settings: AgainstSettings): AsyncGenerator<ReplayedExchange> {
  const { exchanges, url, accessKey, concurrency, clock, signal } = settings
  const given = givenResponseIds(exchanges)
  const ids = new Set(given.keys())
  const sent: ExchangeView[] = []
  for (const recorded of exchanges) {
    const reason = whyNotAgainst(recorded, ids)
    if (reason === null) sent.push(recorded)
    else yield { recorded, outcome: { verdict: 'skipped', reason }, lateMs: null }
  }
  const client = replayClient(url, accessKey === null ? [] : [['x-llmproxy-key', accessKey]])
  const stopping = new AbortController()
  const run = new AgainstRun(settings, {
    ...{ send: sendAgain({ ...settings, client }), asksIds: given.size > 0 },
    signal: AbortSignal.any([signal, stopping.signal]),
  })
  try {
    yield* dispatch<ReplayedExchange>({
      ...{ waiting: waitingOf(sent, given, settings.speed), concurrency, clock, signal },
      start: async (at, lateMs) => {
        const recorded = sent[at] as ExchangeView
        return { recorded, outcome: await run.outcomeOf(recorded), lateMs }
      },
      onStop: () => stopping.abort(),
    })
  } finally {
    stopping.abort()
    await client.close()
  }
}

function waitingOf(
  exchanges: readonly ExchangeView[],
  given: ReadonlyMap<string, ExchangeView>,
  speed: number | null,
): Waiting[] {
  const places = new Map(exchanges.map((exchange, at) => [exchange, at]))
  const [first] = exchanges
  return causesOf(exchanges.map(placed)).map((causes, at) => {
    const exchange = exchanges[at] as ExchangeView
    const giver = given.get(askedResponseId(exchange) ?? '')
    const giverAt = giver === undefined ? undefined : places.get(giver)
    const isFurther = giverAt !== undefined && giverAt < at && !causes.includes(giverAt)
    const sinceFirstMs = (exchange.openedAtNs - (first?.openedAtNs ?? 0)) / 1e6
    return {
      waitsFor: isFurther ? [...causes, giverAt] : causes,
      dueMs: speed === null ? null : sinceFirstMs / speed,
    }
  })
}

interface AgainstRunParts {
  send: ReturnType<typeof sendAgain>
  /** Some request goes on from a response of another. */
  asksIds: boolean
  signal: AbortSignal
}

class AgainstRun {
  readonly #settings: AgainstSettings
  readonly #parts: AgainstRunParts
  /** By the recorded ids, those of responses that came this time. */
  readonly #responseIds = new Map<string, string>()
  #hasAnswered = false

  constructor(settings: AgainstSettings, parts: AgainstRunParts) {
    this.#settings = settings
    this.#parts = parts
  }

  async outcomeOf(recorded: ExchangeView): Promise<ReplayOutcome> {
    const { level } = this.#settings
    const { ctp } = recorded
    if (ctp === null) return { verdict: 'skipped', reason: 'the client’s request is not in the capture' }
    const request = clientRequest({ ...recorded, ctp })
    const asked = askedResponseId(recorded)
    const goesOnFrom = asked === null ? null : this.#responseIds.get(asked)
    if (goesOnFrom === undefined)
      return { verdict: 'skipped', reason: 'the response that it goes on from did not come again' }
    const body = goesOnFrom === null ? request.body : goingOnFrom(request.body, asked ?? '', goesOnFrom)
    const { send, asksIds, signal } = this.#parts
    const leavesAfter = leavesAfterBytes(recorded)
    const sent = await send(recorded, { ...request, body }, { leavesAfter, signal })
    this.#refuseToGoOn(recorded, sent)
    if (asksIds) this.#remember(recorded, sent.view)
    return (
      failureOf(recorded, sent) ??
      judge(recorded, sent.view, { level, comparesHeaders: level !== 'structure' })
    )
  }

  #remember(recorded: ExchangeView, replayed: ExchangeView): void {
    const [was, is] = [givenResponseId(recorded), givenResponseId(replayed)]
    if (was !== null && is !== null) this.#responseIds.set(was, is)
  }

  #refuseToGoOn(recorded: ExchangeView, { view, end }: SentAgain): void {
    const { url, accessKey } = this.#settings
    if (end.why === 'error' && view.ptc === null && !this.#hasAnswered && isAway(end.error)) {
      throw new TargetFault('away', `no proxy answers at ${url}`, { cause: end.error })
    }
    this.#hasAnswered ||= view.ptc !== null
    const refusal = recorded.ptc?.status === 401 ? null : refusalOf(view.ptc)
    if (refusal === 'access_key_missing' || refusal === 'access_key_wrong') {
      const what = accessKey === null ? 'wants an access key' : 'does not take this access key'
      throw new TargetFault('access_key', `the proxy at ${url} ${what}`)
    }
  }
}

/** Connections that were not made. */
function isAway(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : ''
  return /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT)$/.test(code)
}

/** What no comparison of answers would explain. */
function failureOf(recorded: ExchangeView, { view, end, encoding }: SentAgain): ReplayOutcome | null {
  if (end.why === 'error' && view.ptc === null)
    return { verdict: 'failed', reason: `no answer came: ${end.error.message}` }
  if (encoding !== null && view.ptc !== null) {
    const reason = `the answer came encoded (${encoding}), which was not asked for`
    return { verdict: 'failed', reason }
  }
  if (view.ptc === null || recorded.ptc?.status === 401 || refusalOf(view.ptc) !== 'no_credential')
    return null
  const why = messageOf(view.ptc)
  return {
    ...{ verdict: 'failed', code: 'no_credential' },
    reason: `the target has no provider key for it${why === null ? '' : `: ${why}`}`,
  }
}
