import type { InterpretationRecord } from '../../../src/capture/format/records.ts'
import { readAnswer } from '../../../src/capture/view/read-answer.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { mark } from '../../../src/core/secrets/mark.ts'
import { ExchangeDraft } from './exchange-draft.ts'
import { type DraftChunk, LegDraft } from './leg-draft.ts'

/** What passed in a clean exchange of one attempt and one protocol. */
export interface CleanExchange {
  id: string
  openedMs: number
  session: string | null
  turn: number | null
  protocol: ProtocolName
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string>
  /** '' for none. */
  requestBody: string
  model: string | null
  backend: string
  host: string
  status: number
  answerHeaders: Record<string, string>
  answerBody: string
  /** The answer is a stream. */
  streams: boolean
  purpose?: string
}

const credentialHeader: Record<ProtocolName, [name: string, prefix: string]> = {
  'openai-chat': ['authorization', 'Bearer '],
  'openai-responses': ['authorization', 'Bearer '],
  'anthropic-messages': ['x-api-key', ''],
  gemini: ['x-goog-api-key', ''],
}

/** The four legs as a good proxy leaves them: the bytes passed on, a fifth of a millisecond later. */
export function cleanExchange(from: CleanExchange): ExchangeDraft {
  const [name, prefix] = credentialHeader[from.protocol]
  const ctp = requestLeg('CTP', from, 0)
  ctp.headers.push([name, prefix + mark('access-key', '1a2b', 48)], ['host', '127.0.0.1:8765'])
  const ptb = requestLeg('PTB', from, 1.5)
  ptb.headers.push([name, prefix + mark('provider-key', '9c0d', 51)], ['host', from.host])
  ptb.url = `https://${from.host}${from.path}`
  const btp = answerLeg('BTP', from, 0)
  const ptc = answerLeg('PTC', from, 0.2)
  ptc.headers.push(['x-llmproxy-exchange', from.id])
  const { id, openedMs, session, turn, protocol, model, streams } = from
  const draft = Object.assign(new ExchangeDraft(), { id, openedMs, session, turn, protocol, ctp, ptc })
  draft.requestedModel = model
  draft.stream = streams
  draft.clientApp = 'test'
  draft.attempts = [
    { number: 1, backend: from.backend, backendType: from.backend, model, protocol, ptb, btp },
  ]
  draft.closed = interpretation(from, draft)
  return draft
}

function requestLeg(leg: 'CTP' | 'PTB', from: CleanExchange, ms: number): LegDraft {
  const draft = new LegDraft(leg, leg === 'PTB' ? 1 : null)
  const bytes = Buffer.from(from.requestBody)
  draft.method = from.method
  draft.url = from.path
  draft.headMs = ms
  draft.headers = Object.entries(from.headers)
  if (bytes.length > 0) {
    draft.chunks = [{ ms: ms + 0.1, bytes }]
    draft.headers.push(['content-length', String(bytes.length)])
  }
  draft.end = { why: 'eof', ms: ms + 0.2, error: null }
  return draft
}

const headMs = 350

function answerLeg(leg: 'BTP' | 'PTC', from: CleanExchange, laterMs: number): LegDraft {
  const draft = new LegDraft(leg, leg === 'BTP' ? 1 : null)
  const bytes = Buffer.from(from.answerBody)
  draft.status = from.status
  draft.headMs = headMs + laterMs
  draft.headers = Object.entries(from.answerHeaders)
  if (!from.streams) draft.headers.push(['content-length', String(bytes.length)])
  draft.chunks = (from.streams ? streamChunks(bytes) : wholeChunks(bytes)).map((chunk) => ({
    ...chunk,
    ms: chunk.ms + laterMs,
  }))
  draft.end = { why: 'eof', ms: draft.lastMs() + 0.1, error: null }
  return draft
}

/** As networks cut streams: mostly a block a chunk, some of them two, some blocks in two chunks. */
function streamChunks(bytes: Buffer): DraftChunk[] {
  const chunks: DraftChunk[] = []
  let ms = headMs + 5
  let from = 0
  for (let turn = 0; from < bytes.length; turn++) {
    const end = blockEnd(bytes, from)
    const piece = turn % 7 === 3 ? Math.ceil((end - from) / 2) : end - from
    const to = turn % 5 === 4 && end < bytes.length ? blockEnd(bytes, end) : from + piece
    chunks.push({ ms, bytes: bytes.subarray(from, to) })
    ms += 8 + ((turn * 13) % 31)
    from = to
  }
  return chunks
}

function blockEnd(bytes: Buffer, from: number): number {
  const ends = ['\n\n', '\r\n\r\n', '\r\r'].flatMap((end) => {
    const at = bytes.indexOf(end, from)
    return at < 0 ? [] : [at + end.length]
  })
  return Math.min(bytes.length, ...ends)
}

function wholeChunks(bytes: Buffer): DraftChunk[] {
  const size = 16 * 1024
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => ({
    ms: headMs + 400 + i,
    bytes: bytes.subarray(i * size, (i + 1) * size),
  }))
}

function interpretation(from: CleanExchange, draft: ExchangeDraft): InterpretationRecord {
  const { btp, attempt } = draft
  const reading = readAnswer(
    btp.view(0, () => 0),
    from.protocol,
    from.streams,
  )
  const usage = reading.answer?.usage
  const failed = from.status >= 400 || reading.error !== null
  return {
    k: 'u',
    x: from.id,
    t: Math.round(draft.lastMs() * 1e6),
    ...(from.session !== null && { session: from.session }),
    ...(from.turn !== null && { turn: from.turn }),
    client_app: 'test',
    purpose: from.purpose ?? 'chat',
    stream: from.streams,
    ...(from.model !== null && { requested_model: from.model }),
    outcome: failed ? 'error' : reading.isTerminated ? 'complete' : 'incomplete',
    ...(!failed && !reading.isTerminated && { incomplete_reason: 'truncated' }),
    status: from.status,
    attempts: [
      {
        n: 1,
        backend: from.backend,
        backend_type: attempt.backendType ?? '',
        ...(from.model !== null && { model: from.model }),
        protocol: from.protocol,
        status: from.status,
        ...(usage?.promptTokens !== undefined && { prompt_tokens: usage.promptTokens }),
        ...(usage?.completionTokens !== undefined && { completion_tokens: usage.completionTokens }),
      },
    ],
  }
}
