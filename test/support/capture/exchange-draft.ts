import type { InterpretationRecord } from '../../../src/capture/format/records.ts'
import type { ExchangeView } from '../../../src/capture/view/view.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import type { LegDraft } from './leg-draft.ts'

export interface AttemptDraft {
  number: number
  backend: string | null
  backendType: string | null
  model: string | null
  protocol: ProtocolName | null
  ptb: LegDraft | null
  btp: LegDraft | null
}

/** An exchange that a test may change as it likes. */
export class ExchangeDraft {
  id = 'x_1'
  protocol: ProtocolName | null = 'openai-chat'
  /** Milliseconds since 1970. */
  openedMs = Date.UTC(2026, 0, 5, 12)
  session: string | null = 's_1'
  turn: number | null = 1
  clientApp: string | null = null
  requestedModel: string | null = null
  stream = false
  ctp: LegDraft | null = null
  ptc: LegDraft | null = null
  attempts: AttemptDraft[] = []
  closed: InterpretationRecord | null = null
  version: 2 | 3 = 3

  clone(): ExchangeDraft {
    const copy = Object.assign(new ExchangeDraft(), this)
    copy.ctp = this.ctp?.clone() ?? null
    copy.ptc = this.ptc?.clone() ?? null
    copy.attempts = this.attempts.map((attempt) => ({
      ...attempt,
      ptb: attempt.ptb?.clone() ?? null,
      btp: attempt.btp?.clone() ?? null,
    }))
    copy.closed = structuredClone(this.closed)
    return copy
  }

  /** The last attempt; throws where there is none. */
  get attempt(): AttemptDraft {
    const last = this.attempts.at(-1)
    if (!last) throw new Error(`exchange ${this.id} has no attempt`)
    return last
  }

  get ptb(): LegDraft {
    return must(this.attempt.ptb, 'PTB')
  }

  get btp(): LegDraft {
    return must(this.attempt.btp, 'BTP')
  }

  get request(): LegDraft {
    return must(this.ctp, 'CTP')
  }

  get answer(): LegDraft {
    return must(this.ptc, 'PTC')
  }

  /** The same to the backend's answer and to the client's: what the backend did and the proxy passed on. */
  bothAnswers(edit: (leg: LegDraft) => unknown): this {
    edit(this.btp)
    edit(this.answer)
    return this
  }

  /** The same to the client's request and to the backend's: what the client did and the proxy passed on. */
  bothRequests(edit: (leg: LegDraft) => unknown): this {
    edit(this.request)
    edit(this.ptb)
    return this
  }

  /** The capture ends before it closed. */
  unclosed(): this {
    this.closed = null
    return this
  }

  legs(): LegDraft[] {
    return [this.ctp, ...this.attempts.flatMap(({ ptb, btp }) => [ptb, btp]), this.ptc].filter(
      (leg) => leg !== null,
    )
  }

  lastMs(): number {
    return Math.max(0, ...this.legs().map((leg) => leg.lastMs()))
  }

  view(file = 'test.cbor', firstEntry = 0): ExchangeView {
    const openedAtNs = this.openedMs * 1e6
    const times = this.legs().flatMap((leg) => [
      ...(leg.headMs === null ? [] : [leg.headMs]),
      ...leg.chunks.map(({ ms }) => ms),
      ...(leg.end ? [leg.end.ms] : []),
    ])
    const sorted = [...new Set(times)].sort((a, b) => a - b)
    const entries = new Map(sorted.map((ms, index) => [ms, firstEntry + 1 + index]))
    const entryOf = (ms: number) => entries.get(ms) ?? firstEntry
    const { id, protocol, session, turn, clientApp, requestedModel, stream, version } = this
    return {
      ...{ id, protocol, session, turn, clientApp, requestedModel, stream, version, file, openedAtNs },
      lastAtNs: openedAtNs + Math.round((this.lastMs() + (this.closed ? 1 : 0)) * 1e6),
      ctp: this.ctp?.view(openedAtNs, entryOf) ?? null,
      ptc: this.ptc?.view(openedAtNs, entryOf) ?? null,
      attempts: this.attempts.map(({ number, backend, backendType, model, protocol: spoken, ptb, btp }) => ({
        ...{ number, backend, backendType, model, protocol: spoken },
        ptb: ptb?.view(openedAtNs, entryOf) ?? null,
        btp: btp?.view(openedAtNs, entryOf) ?? null,
      })),
      closed: this.closed,
      entries: { first: firstEntry, last: firstEntry + sorted.length + (this.closed ? 1 : 0) },
    }
  }
}

function must(leg: LegDraft | null, name: string): LegDraft {
  if (!leg) throw new Error(`the exchange has no ${name}`)
  return leg
}
