import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import type { Json } from '../../../src/core/json.ts'
import { type ProtocolName, protocolNames } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { translatedError } from '../../../src/protocols/translation/translated-error.ts'
import { type CorpusExchange, readCorpus, wholeBody } from '../../support/corpus.ts'

interface Vocabulary {
  statuses: number[]
  types: string[]
  codes: string[]
}

const openAi: Vocabulary = {
  statuses: [400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504],
  types: [
    ...[
      'invalid_request_error',
      'insufficient_quota',
      'permission_error',
      'rate_limit_exceeded',
      'server_error',
    ],
  ],
  codes: [
    ...[
      'invalid_request_error',
      'context_length_exceeded',
      'invalid_api_key',
      'model_not_found',
      'not_found',
    ],
    ...[
      'insufficient_quota',
      'rate_limit_exceeded',
      'server_error',
      'invalid_prompt',
      'insufficient_permissions',
    ],
    ...['unsupported_parameter', 'unsupported_value', 'unsupported_file', 'invalid_value', 'empty_array'],
  ],
}

/** Statuses and words that a protocol's own provider has (reference §2.10). */
const native: Record<ProtocolName, Vocabulary> = {
  'openai-chat': openAi,
  'openai-responses': openAi,
  'anthropic-messages': {
    statuses: [400, 401, 402, 403, 404, 409, 413, 429, 500, 502, 504, 529],
    types: [
      ...[
        'invalid_request_error',
        'authentication_error',
        'billing_error',
        'permission_error',
        'not_found_error',
      ],
      ...['request_too_large', 'rate_limit_error', 'api_error', 'timeout_error', 'overloaded_error'],
    ],
    codes: [],
  },
  gemini: {
    statuses: [400, 401, 403, 404, 409, 429, 500, 503, 504],
    types: [
      ...['INVALID_ARGUMENT', 'UNAUTHENTICATED', 'PERMISSION_DENIED', 'NOT_FOUND', 'ABORTED'],
      ...['RESOURCE_EXHAUSTED', 'INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED'],
    ],
    codes: [],
  },
}

/** A recorded error as the pipeline has it. */
function asError(recorded: CorpusExchange): ProxyError {
  const reported = protocolNamed(recorded.protocol).decodeError(wholeBody(recorded) ?? null)
  if (!reported) throw new Error(`no error in ${recorded.id}`)
  return new ProxyError('backend_error', reported.message, {
    ...{ status: recorded.response.status, providerType: reported.type, providerCode: reported.code },
    ...(reported.param !== null && { param: reported.param }),
    ...(reported.retryAfterMs !== null && { retryAfterMs: reported.retryAfterMs }),
  })
}

const errors = readCorpus().filter((recorded) => recorded.response.status >= 400)
const pairs = errors.flatMap((recorded) =>
  protocolNames.filter((to) => to !== recorded.protocol).map((to) => ({ recorded, to })),
)

function said({ recorded, to }: (typeof pairs)[number]) {
  const error = asError(recorded)
  const { status, body } = protocolNamed(to).encodeError(translatedError(error, to), 'x_1')
  return { error, status, body: JSON.parse(Buffer.from(body).toString()) as Record<string, Json> }
}

describe.skipIf(errors.length === 0)('recorded errors', () => {
  it.each(pairs.map((pair) => ({ ...pair, id: pair.recorded.id })))(
    '$id reaches $to clients in their words',
    (pair) => {
      const { error, status, body } = said(pair)
      const { statuses, types, codes } = native[pair.to]
      expect(statuses).toContain(status)
      expect(body).toMatchObject({ error: { message: error.message } })
      const shapes: Record<ProtocolName, () => void> = {
        'openai-chat': () => expectOpenAi(body, types, codes),
        'openai-responses': () => expectOpenAi(body, types, codes),
        'anthropic-messages': () => {
          expect(Object.keys(body)).toEqual(['type', 'error', 'request_id'])
          expect(body).toMatchObject({
            type: 'error',
            error: { type: expect.toBeOneOf(types) },
            request_id: 'x_1',
          })
        },
        gemini: () => {
          expect(body).toMatchObject({ error: { code: status, status: expect.toBeOneOf(types) } })
          expect(Object.keys(body.error ?? {})).toEqual(['code', 'message', 'status', 'details'])
        },
      }
      shapes[pair.to]()
    },
  )

  it('keeps what kind of error it is: each status and where it goes', () => {
    const counts = new Map<string, number>()
    for (const pair of pairs) {
      const line = `${pair.recorded.protocol} ${pair.recorded.response.status} → ${pair.to} ${said(pair).status}`
      counts.set(line, (counts.get(line) ?? 0) + 1)
    }
    console.log(
      [...counts]
        .sort()
        .map(([line, count]) => `${count} × ${line}`)
        .join('\n'),
    )
    const changed = [...counts.keys()].filter((line) => !/(\d{3}).* \1$/.test(line))
    // The Responses API says 400 of a model that it does not have, the others 404.
    expect(changed.sort()).toEqual([
      'anthropic-messages 404 → openai-responses 400',
      'gemini 404 → openai-responses 400',
      'openai-chat 404 → openai-responses 400',
      'openai-responses 400 → anthropic-messages 404',
      'openai-responses 400 → gemini 404',
      'openai-responses 400 → openai-chat 404',
      'openai-responses 429 → anthropic-messages 402',
    ])
  })
})

function expectOpenAi(body: Record<string, Json>, types: string[], codes: string[]): void {
  expect(Object.keys(body)).toEqual(['error'])
  expect(Object.keys(body.error ?? {})).toEqual(['message', 'type', 'param', 'code'])
  expect(body.error).toMatchObject({ type: expect.toBeOneOf(types), code: expect.toBeOneOf(codes) })
}
