import { expect } from 'vitest'
import type { ProtocolName } from '../../src/core/protocol-name.ts'
import { sseBlocks } from '../support/sse-text.ts'

/** What a table says of an error, whatever the protocol. */
export interface ExpectedError {
  status: number
  code: string
  /** Each must stand in the message. */
  words: readonly (string | RegExp)[]
  /** `x-should-retry`; undefined: the header must be absent. */
  shouldRetry?: boolean
  /** The answer must say when to try again. */
  retryAfter?: boolean
  /** The request's parameter at fault. */
  param?: string
}

interface AnyAnswer {
  status: number
  headers: Record<string, string>
  text: string
}

type Fields = Record<string, unknown>

/** The words of each protocol for a status, as their providers document them. */
const types: Record<'openai' | 'anthropic' | 'gemini', Record<number, string>> = {
  openai: { 403: 'permission_error', 429: 'rate_limit_exceeded' },
  anthropic: {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    408: 'timeout_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    503: 'overloaded_error',
    504: 'timeout_error',
  },
  gemini: {
    400: 'INVALID_ARGUMENT',
    401: 'UNAUTHENTICATED',
    403: 'PERMISSION_DENIED',
    404: 'NOT_FOUND',
    429: 'RESOURCE_EXHAUSTED',
    408: 'DEADLINE_EXCEEDED',
    502: 'UNAVAILABLE',
    503: 'UNAVAILABLE',
    504: 'DEADLINE_EXCEEDED',
  },
}
const exchangeId = /^x_[0-9a-hj-km-np-tv-z]{20}$/

/** The whole answer is an error of this protocol, with this code and these words. */
export function expectError(protocol: ProtocolName, answer: AnyAnswer, expected: ExpectedError): void {
  expect(answer.status, answer.text).toBe(expected.status)
  expect(answer.headers['content-type']).toBe('application/json')
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)))
  const id = answer.headers['x-llmproxy-exchange'] ?? ''
  expect(id).toMatch(exchangeId)
  expect(answer.headers[protocol === 'anthropic-messages' ? 'request-id' : 'x-request-id']).toBe(id)
  const should = expected.shouldRetry
  expect(answer.headers['x-should-retry']).toBe(should === undefined ? undefined : String(should))
  expectRetryAfter(protocol, answer.headers, expected.retryAfter ?? false)
  expectBody(protocol, JSON.parse(answer.text) as Fields, id, expected)
}

/** The stream's last block is an error event of this protocol, and nothing before it looks like an end. */
export function expectStreamError(protocol: ProtocolName, text: string, id: string, expected: ExpectedError) {
  expect(text).toMatch(/\n\n$/)
  const blocks = sseBlocks(text)
  const last = blocks.at(-1)
  expect(last?.comments).toEqual([])
  const named = protocol === 'anthropic-messages' || protocol === 'openai-responses'
  expect(last?.event).toBe(named ? 'error' : null)
  const body = JSON.parse(last?.data ?? '') as Fields
  if (protocol === 'openai-responses') return expectResponsesEvent(body, blocks, expected)
  expectBody(protocol, body, id, expected)
}

function expectBody(protocol: ProtocolName, body: Fields, id: string, expected: ExpectedError): void {
  if (protocol === 'anthropic-messages') return expectAnthropic(body, id, expected)
  if (protocol === 'gemini') return expectGemini(body, expected)
  expect(Object.keys(body)).toEqual(['error'])
  expectOpenai(body.error as Fields, expected)
}

function expectOpenai(error: Fields, { status, code, words, param }: ExpectedError): void {
  const type = types.openai[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error')
  expect(error).toEqual({ message: expect.any(String), type, param: param ?? null, code })
  expectWords(error.message, words)
}

function expectAnthropic(body: Fields, id: string, { status, code, words, param }: ExpectedError): void {
  const type = types.anthropic[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
  const details = { error_code: code, ...(param !== undefined && { param }) }
  expect(body).toEqual({
    type: 'error',
    error: { type, message: expect.any(String), details },
    request_id: id,
  })
  expectWords((body.error as Fields).message, words)
}

function expectGemini(body: Fields, { status, code, words, param, retryAfter }: ExpectedError): void {
  const word = types.gemini[status] ?? (status < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL')
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: code.toUpperCase(),
    domain: 'llmproxy',
    ...(param !== undefined && { metadata: { param } }),
  }
  const retry = {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay: expect.stringMatching(/^\d+(\.\d+)?s$/),
  }
  const details = retryAfter ? [info, retry] : [info]
  expect(body).toEqual({ error: { code: status, message: expect.any(String), status: word, details } })
  expectWords((body.error as Fields).message, words)
}

function expectResponsesEvent(
  body: Fields,
  blocks: ReturnType<typeof sseBlocks>,
  expected: ExpectedError,
): void {
  const before = JSON.parse(blocks.at(-2)?.data ?? '{}') as { sequence_number: number }
  const error = body.error as Fields
  expectOpenai(error, expected)
  const { message, param, code } = error
  const sequence_number = before.sequence_number + 1
  expect(body).toEqual({ type: 'error', sequence_number, code, message, param, error })
}

function expectRetryAfter(protocol: ProtocolName, headers: Record<string, string>, wanted: boolean): void {
  expect(headers['retry-after'] !== undefined).toBe(wanted)
  if (!wanted) return
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  const ms = Number(headers['retry-after-ms'])
  if (protocol !== 'gemini') expect(Math.ceil(ms / 1000)).toBe(Number(headers['retry-after']))
}

function expectWords(message: unknown, words: readonly (string | RegExp)[]): void {
  for (const word of words) {
    if (typeof word === 'string') expect(message).toContain(word)
    else expect(message).toMatch(word)
  }
}
