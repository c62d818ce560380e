import type { Event } from '../core/event.ts'
import { arrayAt, isObject, type Json, type JsonObject, objectAt, stringAt } from '../core/json.ts'
import type { ReportedError } from '../core/protocol.ts'
import { statusOfWords } from './error-words.ts'
import { jsonText } from './json-text.ts'
import { retryDelayMs } from './retry-info.ts'
import { filled } from './substance.ts'

const longestMessage = 4000
const plainMessageKeys = ['message', 'detail', 'msg', 'error_description', 'error_message', 'title']

/**
 * What a provider said in an error body, or in an error event of a stream. One reader for all protocols,
 * because gateways answer in each other's shapes. Undefined when the body names no error.
 */
export function readReportedError(body: Json): ReportedError | undefined {
  // Google's streams have it in their array, Cloudflare's API in `errors`.
  if (Array.isArray(body)) return firstOf(body)
  return fromBody(body) ?? firstOf(arrayAt(body, 'errors') ?? [])
}

function fromBody(body: Json): ReportedError | undefined {
  if (typeof body === 'string') return body.trim() === '' ? undefined : plain(body.trim(), {})
  if (!isObject(body)) return undefined
  const error = body.error
  if (isObject(error)) return fromObject(error, body)
  if (typeof error === 'string' && error !== '') return plain(error, body)
  const message = plainMessage(body)
  return message === undefined ? undefined : plain(message, body)
}

/** The same as an event of a stream. */
export function errorEvent(error: ReportedError | undefined): Event {
  return {
    type: 'error',
    message: error?.message ?? 'the provider reported an error without words',
    errorType: error?.type ?? null,
    code: error?.code ?? null,
    status: error?.status ?? null,
    retryAfterMs: error?.retryAfterMs ?? null,
  }
}

function firstOf(items: readonly Json[]): ReportedError | undefined {
  for (const item of items) {
    const error = fromBody(item)
    if (error !== undefined) return error
  }
  return undefined
}

/** `{"error":{…}}`, as OpenAI, Anthropic, Google and most others write it. */
function fromObject(error: JsonObject, body: JsonObject): ReportedError {
  const grpc = stringAt(error, 'status') ?? null
  const type = filled(error.type) ?? grpc ?? null
  const named = word(error.code)
  const code =
    grpc === null
      ? (named ?? stringAt(objectAt(error, 'details'), 'error_code') ?? null)
      : (reason(error) ?? grpc)
  const message = filled(error.message) ?? plainMessage(error) ?? jsonText(error)
  return {
    message: withRaw(message, objectAt(error, 'metadata')),
    type,
    code,
    param: filled(error.param) ?? null,
    status:
      httpStatus(error.status_code) ??
      httpStatus(error.code) ??
      httpStatus(body.status_code) ??
      statusOfWords(grpc, code, type),
    retryAfterMs: retryDelayMs(error.details),
  }
}

/** Dialects with the words at the top: `{"error":"…"}` (Ollama, xAI), `{"detail":"…"}` and `{"message":"…"}` (Mistral). */
function plain(message: string, body: JsonObject): ReportedError {
  const code = word(body.code) ?? null
  // In these shapes `type: "error"` only says what the object is.
  const type = body.type === 'error' ? null : (filled(body.type) ?? null)
  return {
    message: message.slice(0, longestMessage),
    type,
    code,
    param: filled(body.param) ?? null,
    status:
      httpStatus(body.status_code) ??
      httpStatus(body.status) ??
      httpStatus(body.code) ??
      statusOfWords(code, type),
    retryAfterMs: null,
  }
}

function plainMessage(body: JsonObject): string | undefined {
  for (const key of plainMessageKeys) {
    const value = body[key]
    const message = filled(value) ?? (isObject(value) || Array.isArray(value) ? listed(value) : undefined)
    if (message !== undefined) return message
  }
  return undefined
}

/** FastAPI's validation errors: a list of `{loc, msg}`; other structures as they are. */
function listed(value: JsonObject | Json[]): string | undefined {
  const items = Array.isArray(value) ? value : [value]
  const messages = items.flatMap((item) => stringAt(item, 'msg') ?? stringAt(item, 'message') ?? [])
  if (messages.length > 0) return messages.join('; ')
  return items.length === 0 ? undefined : jsonText(value).slice(0, longestMessage)
}

/** OpenRouter's own message says only that the provider failed; the provider's words are in `metadata.raw`. */
function withRaw(message: string, metadata: JsonObject | undefined): string {
  const raw = stringAt(metadata, 'raw')
  const whole = raw === undefined || raw === '' ? message : `${message}: ${raw}`
  return whole.slice(0, longestMessage)
}

/** Google's finer word (`API_KEY_INVALID`), from the ErrorInfo among the details. */
function reason(error: JsonObject): string | undefined {
  for (const detail of arrayAt(error, 'details') ?? []) {
    const found = stringAt(detail, 'reason')
    if (found !== undefined && found !== '') return found
  }
  return undefined
}

function word(code: Json | undefined): string | undefined {
  return typeof code === 'number' ? String(code) : filled(code)
}

/** Numbers, and Azure's numbers in quotes. */
function httpStatus(value: Json | undefined): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600
    ? status
    : null
}
