import type { IncomingMessage, ServerResponse } from 'node:http'
import { asProxyError, ProxyError } from '../../../core/errors.ts'
import { type HeaderPairs, headerPairs, headerValue } from '../../../core/http.ts'
import type { Secrets } from '../../../core/secrets/secrets.ts'
import { isSensitiveHeader } from '../../../core/secrets/sensitive-names.ts'
import { protocolNamed } from '../../../protocols/index.ts'
import { answerHead } from './answer-head.ts'
import { AskedRequest } from './asked-request.ts'
import { askingSession } from './asking-session.ts'
import { endpointOf } from './endpoint.ts'
import { missError } from './miss.ts'
import { modelListAnswer, type RecordedModels } from './model-list.ts'
import { nearestTo } from './nearest.ts'
import type { Pacer } from './pacer.ts'
import { play } from './play.ts'
import { readBody } from './read-body.ts'
import type { Recording } from './recordings.ts'
import { type Pace, scheduleOf } from './schedule.ts'
import type { Shelf } from './shelf.ts'
import type { VaryingTexts } from './varying-texts.ts'

/** What became of one request. */
export interface MockAnswer {
  /** `own`: it needs no recording; `refused`: it could not even be looked for. */
  result: 'exact' | 'fuzzy' | 'miss' | 'own' | 'refused'
  method: string
  /** Without its query, in which keys may stand. */
  path: string
  model: string | null
  /** What was given; of a miss the nearest. */
  recording: Recording | null
  /** What differs, or what went wrong. */
  why: string | null
}

export interface AnsweringParts {
  shelf: Shelf
  recordings: readonly Recording[]
  models: RecordedModels
  texts: VaryingTexts
  secrets: Secrets
  pace: Pace
  pacer: Pacer
  isStrict: boolean
  missStatus: number
  maxBodyBytes: number
  /** Of the Host that a request names: whether it means us. */
  isOurHost: (host: string | undefined) => boolean
  nextId: () => string
  onAnswer: (answer: MockAnswer) => void
  onLate: (lateMs: number) => void
}

/** Answers one request from the recordings; never throws. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  parts: AnsweringParts,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const headers = headerPairs(request.rawHeaders)
  const tell = (answer: Pick<MockAnswer, 'result'> & Partial<MockAnswer>) =>
    parts.onAnswer({ method, path: pathOf(url), model: null, recording: null, why: null, ...answer })
  try {
    refuseWhatIsNotSpoken(request, parts)
    const body = await readBody(request, parts.maxBodyBytes)
    const startMs = parts.pacer.nowMs()
    learnCredentials(headers, parts.secrets)
    const asked = new AskedRequest({ method, url, headers, body }, parts)
    answerAsked(asked, response, { ...parts, startMs, tell })
  } catch (thrown) {
    const error = asProxyError(thrown)
    if (error.code === 'client_gone') return
    tell({ result: 'refused', why: error.message })
    sendError(error, headers, request, response, parts)
  }
}

interface Answering extends AnsweringParts {
  startMs: number
  tell: (answer: Pick<MockAnswer, 'result'> & Partial<MockAnswer>) => void
}

function answerAsked(asked: AskedRequest, response: ServerResponse, parts: Answering): void {
  const { shelf, pace, pacer, startMs, tell } = parts
  const { model } = asked
  const asker = headerValue(asked.headers, 'x-llmproxy-hop') === undefined ? 'client' : 'proxy'
  const found = shelf.find(asked, asker, askingSession(asked))
  if (found.kind === 'miss') return answerMiss(asked, found.used, response, parts)
  const { recording, kind: result, why } = found
  tell({ result, model, recording, why })
  const schedule = scheduleOf(recording, pace)
  const head = recording.answer && answerHead(recording.answer, schedule.end.how === 'whole', result)
  const onLate = Number.isFinite(pace.speed) ? parts.onLate : () => {}
  play(response, { schedule, head, startMs, pacer, onLate })
}

function answerMiss(
  asked: AskedRequest,
  used: readonly Recording[],
  response: ServerResponse,
  parts: Answering,
): void {
  const own = used.length === 0 ? ownAnswer(asked, parts) : null
  if (own !== null) {
    parts.tell({ result: 'own', model: asked.model })
    response.writeHead(200, { 'content-type': own.type, 'content-length': Buffer.byteLength(own.body) })
    response.end(own.body)
    return
  }
  const nearest = used.length === 0 ? nearestTo(asked, parts.recordings, parts) : null
  const error = missError({ asked, used, nearest, isStrict: parts.isStrict, status: parts.missStatus })
  const recording = nearest?.recording ?? used.at(-1) ?? null
  parts.tell({ result: 'miss', model: asked.model, recording, why: error.message })
  response.setHeader('x-llmproxy-replay', 'miss')
  writeError(error, asked.endpoint.protocol, response, parts.nextId())
}

/** What clients ask of any server, and no recording is needed for. */
function ownAnswer(
  { endpoint, method }: AskedRequest,
  { models }: AnsweringParts,
): { type: string; body: string } | null {
  if (method !== 'GET' && method !== 'HEAD') return null
  // Whoever asks for no body wants to know whether somebody is there.
  if (endpoint.kind === 'root' || method === 'HEAD')
    return { type: 'text/plain', body: 'llmproxy capture mock\n' }
  const list = endpoint.kind === 'models' ? modelListAnswer(endpoint, models) : null
  return list && { type: 'application/json', body: JSON.stringify(list) }
}

function refuseWhatIsNotSpoken({ headers }: IncomingMessage, { isOurHost }: AnsweringParts): void {
  // A page that has its name point here must not read what was recorded.
  if (!isOurHost(headers.host)) {
    throw new ProxyError('host_refused', 'only this machine is answered here, by its address or as localhost')
  }
  if (/websocket/i.test(headers.upgrade ?? '')) {
    throw new ProxyError(
      'upgrade_refused',
      'what is recorded is plain HTTP with server-sent events, not WebSocket',
    )
  }
}

/** Where a client's own credential stands in its prompts too, the recorder has overwritten it there. */
function learnCredentials(headers: HeaderPairs, secrets: Secrets): void {
  for (const [name, value] of headers) {
    if (isSensitiveHeader(name)) secrets.add(value.replace(/^(?:bearer|basic)\s+/i, ''), 'credential')
  }
}

function sendError(
  error: ProxyError,
  headers: HeaderPairs,
  request: IncomingMessage,
  response: ServerResponse,
  { nextId }: AnsweringParts,
): void {
  const { protocol } = endpointOf(request.method ?? 'GET', request.url ?? '/', headers)
  // What is left of the body is of no use to anybody.
  if (!request.complete) response.setHeader('connection', 'close')
  if (error.code === 'upgrade_refused')
    response.setHeader('upgrade', 'HTTP/1.1').setHeader('connection', 'upgrade, close')
  writeError(error, protocol, response, nextId())
}

function writeError(
  error: ProxyError,
  protocol: AskedRequest['endpoint']['protocol'],
  response: ServerResponse,
  id: string,
): void {
  const answer = protocolNamed(protocol).encodeError(error, id)
  for (const [name, value] of answer.headers) response.setHeader(name, value)
  response.setHeader('content-length', answer.body.length)
  response.writeHead(answer.status)
  response.end(answer.body)
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
