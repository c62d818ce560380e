import { type CaptureRecord, legNumbers } from '../../../src/capture/format/records.ts'
import type { CaptureItem } from '../../../src/capture/reader/items.ts'
import type { ExchangeDraft } from './exchange-draft.ts'
import type { LegDraft } from './leg-draft.ts'

interface Timed {
  ns: number
  record: CaptureRecord
  bytes?: Buffer
}

export interface ItemsWishes {
  file?: string
  run?: string
  /** Records of V2 have fewer heads; `xo` names no protocol. */
  version?: 2 | 3
  /** Without the header in front, or the end behind. */
  isOpen?: boolean
}

/** What a reader gives of a file with these exchanges: their records in the order of their times. */
export function itemsOf(exchanges: readonly ExchangeDraft[], wishes: ItemsWishes = {}): CaptureItem[] {
  const { file = 'test.cbor', run = 'run-1', version = 3, isOpen = false } = wishes
  const timed = exchanges.flatMap((x) => recordsOf(x, version)).sort((a, b) => a.ns - b.ns)
  const first = timed[0]?.ns ?? 0
  const hdr: CaptureRecord = {
    ...{ k: 'hdr', v: version, app: 'llmproxy', appv: '1', run, sec: 0, wall_ns: 0n, pid: 1, node: 'v20' },
    redact: { policy: 'overwrite', version: 1 },
  }
  const end: Timed[] = isOpen
    ? []
    : [{ ns: timed.at(-1)?.ns ?? 0, record: { k: 'end', t: 0, records: 0, bytes: 0 } }]
  return [{ ns: first, record: hdr }, ...timed, ...end].map(({ ns, record, bytes }: Timed, entry) => ({
    ...{ entry, offset: entry * 100, file, version, record, wallNs: ns },
    body: () => ({ bytes: bytes ?? new Uint8Array(0), missing: 0 }),
  }))
}

function recordsOf(x: ExchangeDraft, version: 2 | 3): Timed[] {
  const opened: CaptureRecord = { k: 'xo', x: x.id, t: 0, ep: version === 2 ? '' : (x.protocol ?? '') }
  const known: CaptureRecord = {
    ...{ k: 's', x: x.id, t: 0, stream: x.stream },
    ...(x.session !== null && { session: x.session }),
    ...(x.turn !== null && { turn: x.turn }),
    ...(x.clientApp !== null && { client_app: x.clientApp }),
    ...(x.requestedModel !== null && { requested_model: x.requestedModel }),
  }
  const at = (ms: number, record: CaptureRecord): Timed => ({ ns: nsOf(x, ms), record })
  return [
    at(0, opened),
    at(0, known),
    ...x.legs().flatMap((leg) => legRecords(x, leg)),
    ...(x.closed ? [at(x.lastMs() + 1, { ...x.closed, x: x.id })] : []),
  ]
}

function legRecords(x: ExchangeDraft, draft: LegDraft): Timed[] {
  const attempt = x.attempts.find(({ number }) => number === draft.attempt)
  const place = {
    x: x.id,
    l: legNumbers[draft.leg],
    t: 0,
    ...(draft.attempt !== null && { a: draft.attempt }),
  }
  const head: CaptureRecord = {
    ...{ k: 'h', ...place, hd: draft.headers },
    ...(draft.method !== null && { m: draft.method }),
    ...(draft.url !== null && { u: draft.url }),
    ...(draft.status !== null && { st: draft.status }),
    ...(draft.leg === 'PTB' &&
      attempt && {
        ...(attempt.backend !== null && { be: attempt.backend }),
        ...(attempt.backendType !== null && { bt: attempt.backendType }),
        ...(attempt.model !== null && { mod: attempt.model }),
        ...(attempt.protocol !== null && { pr: attempt.protocol }),
      }),
  }
  const at = (ms: number, record: CaptureRecord, bytes?: Buffer): Timed => ({
    ...{ ns: nsOf(x, ms), record },
    ...(bytes && { bytes }),
  })
  return [
    ...(draft.headMs === null ? [] : [at(draft.headMs, head)]),
    ...draft.chunks.map(({ ms, bytes }, n) => at(ms, { k: 'b', ...place, n, d: [bytes] }, bytes)),
    ...(draft.end
      ? [
          at(draft.end.ms, {
            ...{ k: 'e', ...place, why: draft.end.why, bytes: draft.body.length, n: draft.chunks.length },
            ...(draft.end.error !== null && { err: draft.end.error }),
          }),
        ]
      : []),
  ]
}

/** As views count it, to the last digit. */
function nsOf(x: ExchangeDraft, ms: number): number {
  return x.openedMs * 1e6 + Math.round(ms * 1e6)
}
