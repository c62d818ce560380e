import { describe, expect, it } from 'vitest'
import { type ErrorDetails, ProxyError } from '../../../src/core/errors.ts'
import { headerValue } from '../../../src/core/http.ts'
import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { translatedError } from '../../../src/protocols/translation/translated-error.ts'

const refusal = (message: string, details: ErrorDetails) => new ProxyError('backend_error', message, details)

/** What a client of a protocol gets. */
function answer(error: ProxyError, to: ProtocolName) {
  const { status, headers, body } = protocolNamed(to).encodeError(translatedError(error, to), 'x_1')
  return { status, headers, body: JSON.parse(Buffer.from(body).toString()) }
}

const openAi = (type: string, code: string, param: string | null = null) => ({ type, code, param })

describe('translatedError', () => {
  it.each<[string, ErrorDetails, { openAi: object; anthropic: string; gemini: string }]>([
    [
      'a rate limit of Anthropic',
      { status: 429, providerType: 'rate_limit_error' },
      {
        openAi: { status: 429, ...openAi('rate_limit_exceeded', 'rate_limit_exceeded') },
        ...{ anthropic: '429 rate_limit_error', gemini: '429 RESOURCE_EXHAUSTED' },
      },
    ],
    [
      'a rate limit of Gemini',
      { status: 429, providerType: 'RESOURCE_EXHAUSTED', providerCode: 'RATE_LIMIT_EXCEEDED' },
      {
        openAi: { status: 429, ...openAi('rate_limit_exceeded', 'rate_limit_exceeded') },
        ...{ anthropic: '429 rate_limit_error', gemini: '429 RESOURCE_EXHAUSTED' },
      },
    ],
    [
      'an empty account at OpenAI',
      { status: 429, providerType: 'insufficient_quota', providerCode: 'insufficient_quota' },
      {
        openAi: { status: 429, ...openAi('insufficient_quota', 'insufficient_quota') },
        ...{ anthropic: '402 billing_error', gemini: '429 RESOURCE_EXHAUSTED' },
      },
    ],
    [
      'an empty account at DeepSeek',
      { status: 402, providerType: 'unknown_error', providerCode: 'invalid_request_error' },
      {
        openAi: { status: 429, ...openAi('insufficient_quota', 'insufficient_quota') },
        ...{ anthropic: '402 billing_error', gemini: '429 RESOURCE_EXHAUSTED' },
      },
    ],
    [
      'an overloaded Anthropic',
      { status: 529, providerType: 'overloaded_error' },
      {
        openAi: { status: 503, ...openAi('server_error', 'server_error') },
        ...{ anthropic: '529 overloaded_error', gemini: '503 UNAVAILABLE' },
      },
    ],
    [
      'an overloaded Gemini',
      { status: 503, providerType: 'UNAVAILABLE', providerCode: 'UNAVAILABLE' },
      {
        openAi: { status: 503, ...openAi('server_error', 'server_error') },
        ...{ anthropic: '529 overloaded_error', gemini: '503 UNAVAILABLE' },
      },
    ],
    [
      'an unknown key at Gemini',
      { status: 400, providerType: 'INVALID_ARGUMENT', providerCode: 'API_KEY_INVALID' },
      {
        openAi: { status: 401, ...openAi('invalid_request_error', 'invalid_api_key') },
        ...{ anthropic: '401 authentication_error', gemini: '401 UNAUTHENTICATED' },
      },
    ],
    [
      'a forbidden region',
      { status: 403, providerType: 'permission_error' },
      {
        openAi: { status: 403, ...openAi('permission_error', 'insufficient_permissions') },
        ...{ anthropic: '403 permission_error', gemini: '403 PERMISSION_DENIED' },
      },
    ],
    [
      'a body that is too large',
      { status: 413, providerType: 'request_too_large' },
      {
        openAi: { status: 413, ...openAi('invalid_request_error', 'invalid_request_error') },
        ...{ anthropic: '413 request_too_large', gemini: '400 INVALID_ARGUMENT' },
      },
    ],
    [
      'a prompt against the rules',
      { status: 400, providerType: 'invalid_request_error', providerCode: 'content_filter' },
      {
        openAi: { status: 400, ...openAi('invalid_request_error', 'invalid_prompt') },
        ...{ anthropic: '400 invalid_request_error', gemini: '400 INVALID_ARGUMENT' },
      },
    ],
    [
      'a request that FastAPI does not take',
      { status: 422 },
      {
        openAi: { status: 400, ...openAi('invalid_request_error', 'invalid_request_error') },
        ...{ anthropic: '400 invalid_request_error', gemini: '400 INVALID_ARGUMENT' },
      },
    ],
    [
      'a failed precondition of Gemini',
      { status: 400, providerType: 'FAILED_PRECONDITION', providerCode: 'FAILED_PRECONDITION' },
      {
        openAi: { status: 400, ...openAi('invalid_request_error', 'invalid_request_error') },
        ...{ anthropic: '400 invalid_request_error', gemini: '400 INVALID_ARGUMENT' },
      },
    ],
    [
      'a timeout of Gemini',
      { status: 504, providerType: 'DEADLINE_EXCEEDED', providerCode: 'DEADLINE_EXCEEDED' },
      {
        openAi: { status: 504, ...openAi('server_error', 'server_error') },
        ...{ anthropic: '504 timeout_error', gemini: '504 DEADLINE_EXCEEDED' },
      },
    ],
    [
      'a failure of Anthropic',
      { status: 500, providerType: 'api_error' },
      {
        openAi: { status: 500, ...openAi('server_error', 'server_error') },
        ...{ anthropic: '500 api_error', gemini: '500 INTERNAL' },
      },
    ],
    [
      'a conflict',
      { status: 409, providerType: 'ABORTED', providerCode: 'ABORTED' },
      {
        openAi: { status: 409, ...openAi('invalid_request_error', 'conflict') },
        ...{ anthropic: '409 invalid_request_error', gemini: '409 ABORTED' },
      },
    ],
    [
      'a gateway without words',
      { status: 502 },
      {
        openAi: { status: 502, ...openAi('server_error', 'server_error') },
        ...{ anthropic: '502 api_error', gemini: '500 INTERNAL' },
      },
    ],
    [
      'an answer that is neither success nor error',
      { status: 304 },
      {
        openAi: { status: 502, ...openAi('server_error', 'server_error') },
        ...{ anthropic: '502 api_error', gemini: '500 INTERNAL' },
      },
    ],
    [
      'a route that is not there',
      { status: 404 },
      {
        openAi: { status: 404, ...openAi('invalid_request_error', 'not_found') },
        ...{ anthropic: '404 not_found_error', gemini: '404 NOT_FOUND' },
      },
    ],
  ])('says %s as each provider does', (_, details, expected) => {
    const error = refusal('As the provider wrote it.', details)
    const chat = answer(error, 'openai-chat')
    expect({ status: chat.status, ...chat.body.error }).toEqual({
      ...expected.openAi,
      message: 'As the provider wrote it.',
    })
    const responses = answer(error, 'openai-responses')
    expect({ status: responses.status, ...responses.body.error }).toEqual({
      ...expected.openAi,
      message: 'As the provider wrote it.',
    })
    const anthropic = answer(error, 'anthropic-messages')
    expect(`${anthropic.status} ${anthropic.body.error.type}`).toBe(expected.anthropic)
    expect(anthropic.body.error.message).toBe('As the provider wrote it.')
    const gemini = answer(error, 'gemini')
    expect(`${gemini.status} ${gemini.body.error.status}`).toBe(expected.gemini)
    expect(gemini.body.error).toMatchObject({ code: gemini.status, message: 'As the provider wrote it.' })
  })

  it('says that a model is unknown as chat and Responses do, each in its way', () => {
    const error = refusal('model: claude-does-not-exist', { status: 404, providerType: 'not_found_error' })
    const said = {
      message: 'model: claude-does-not-exist',
      type: 'invalid_request_error',
      code: 'model_not_found',
    }
    expect(answer(error, 'openai-chat')).toMatchObject({
      status: 404,
      body: { error: { ...said, param: null } },
    })
    expect(answer(error, 'openai-responses')).toMatchObject({
      status: 400,
      body: { error: { ...said, param: 'model' } },
    })
  })

  it('knows an unknown model of the Responses API by its code', () => {
    const error = refusal("The requested model 'gpt-5.2-proo' does not exist.", {
      ...{
        status: 400,
        providerType: 'invalid_request_error',
        providerCode: 'model_not_found',
        param: 'model',
      },
    })
    expect(answer(error, 'anthropic-messages')).toMatchObject({
      status: 404,
      body: { error: { type: 'not_found_error' } },
    })
    expect(answer(error, 'gemini')).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } })
  })

  it('knows an account without credit at Anthropic by its words', () => {
    const error = refusal('Your credit balance is too low to access the Anthropic API.', {
      ...{ status: 400, providerType: 'invalid_request_error' },
    })
    expect(answer(error, 'openai-chat')).toMatchObject({
      status: 429,
      body: { error: { code: 'insufficient_quota' } },
    })
  })

  describe('of a prompt that is too long', () => {
    const anthropic = refusal('prompt is too long: 213462 tokens > 200000 maximum', {
      ...{ status: 400, providerType: 'invalid_request_error' },
    })
    const gemini = refusal('The input token count exceeds the maximum number of tokens allowed 1048576.', {
      ...{ status: 400, providerType: 'INVALID_ARGUMENT', providerCode: 'INVALID_ARGUMENT' },
    })
    const chat = refusal(
      "This model's maximum context length is 128000 tokens. However, you requested 128007 tokens (2133 in the messages, 125874 in the completion). Please reduce the length of the messages or completion.",
      {
        ...{ status: 400, providerType: 'invalid_request_error' },
        providerCode: 'context_length_exceeded',
        param: 'messages',
      },
    )

    it('gives chat clients the code, the parameter and the words of OpenAI', () => {
      expect(answer(anthropic, 'openai-chat').body.error).toEqual({
        message:
          "This model's maximum context length is 200000 tokens. However, your messages resulted in 213462 tokens. Please reduce the length of the messages.",
        ...openAi('invalid_request_error', 'context_length_exceeded', 'messages'),
      })
    })

    it('gives Responses clients the code and the parameter, and the numbers in the words of the provider', () => {
      expect(answer(anthropic, 'openai-responses').body.error).toEqual({
        message:
          'Your input exceeds the context window of this model. Please adjust your input and try again: prompt is too long: 213462 tokens > 200000 maximum',
        ...openAi('invalid_request_error', 'context_length_exceeded', 'input'),
      })
    })

    it('gives Anthropic clients the words that they look for', () => {
      const error = refusal(
        'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).',
        {
          ...{ status: 400, providerType: 'INVALID_ARGUMENT' },
        },
      )
      expect(answer(error, 'anthropic-messages')).toMatchObject({
        status: 400,
        body: {
          error: {
            type: 'invalid_request_error',
            message: 'prompt is too long: 1196265 tokens > 1048575 maximum',
          },
        },
      })
    })

    it('puts those words before the message where the numbers are not known', () => {
      expect(answer(gemini, 'anthropic-messages').body.error.message).toBe(
        'prompt is too long: The input token count exceeds the maximum number of tokens allowed 1048576.',
      )
    })

    it('tells Anthropic clients when less output would do', () => {
      expect(answer(chat, 'anthropic-messages').body.error.message).toBe(
        'input length and `max_tokens` exceed context limit: 2133 + 125874 > 128000, decrease input length or `max_tokens` and try again',
      )
    })

    it('tells chat clients when less output would do', () => {
      const error = refusal('input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000', {
        status: 400,
      })
      expect(answer(error, 'openai-chat').body.error.message).toBe(
        "This model's maximum context length is 200000 tokens. However, you requested 209573 tokens (188240 in the messages, 21333 in the completion). Please reduce the length of the messages or completion.",
      )
    })

    it('gives Gemini clients the words of Gemini', () => {
      expect(answer(anthropic, 'gemini').body.error).toMatchObject({
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'The input token count (213462) exceeds the maximum number of tokens allowed (200000).',
      })
      expect(
        answer(refusal('Please reduce the length of the messages.', { status: 400 }), 'gemini').body.error
          .message,
      ).toBe(
        'The input token count exceeds the maximum number of tokens allowed: Please reduce the length of the messages.',
      )
    })

    it('does not say the same words twice', () => {
      const words =
        'Your input exceeds the context window of this model. Please adjust your input and try again.'
      const error = refusal(words, { status: 400, providerCode: 'context_length_exceeded' })
      expect(answer(error, 'openai-responses').body.error.message).toBe(words)
    })

    it('answers 400 also where a gateway answered 502', () => {
      const error = refusal('prompt is too long: 9000 tokens > 8192 maximum', { status: 502 })
      expect(answer(error, 'openai-chat').status).toBe(400)
    })
  })

  it('keeps how long to wait, in the form that the client reads', () => {
    const error = refusal('Quota.', { status: 429, providerType: 'RESOURCE_EXHAUSTED', retryAfterMs: 34_400 })
    expect(headerValue(answer(error, 'anthropic-messages').headers, 'retry-after')).toBe('35')
    expect(headerValue(answer(error, 'openai-chat').headers, 'retry-after-ms')).toBe('34400')
  })

  it.each<[string, ErrorDetails, string | undefined]>([
    ['a mistake in the request', { status: 400 }, 'false'],
    ['an empty account', { status: 429, providerCode: 'insufficient_quota' }, 'false'],
    ['a rate limit', { status: 429 }, undefined],
    ['an overloaded provider', { status: 529 }, undefined],
    ['a failure', { status: 500 }, undefined],
  ])('tells SDKs whether %s can succeed on retry', (_, details, header) => {
    expect(headerValue(answer(refusal('m', details), 'openai-chat').headers, 'x-should-retry')).toBe(header)
  })

  it.each<[string, ProtocolName, string | null]>([
    ['temperature', 'anthropic-messages', 'temperature'],
    ['tools', 'openai-responses', 'tools'],
    ['temperature', 'gemini', null],
    ['messages[3].content', 'openai-responses', null],
    ['max_tokens', 'openai-responses', null],
  ])('names the parameter %s for %s only where it has one of that name', (param, to, expected) => {
    const error = refusal('m', { status: 400, providerType: 'invalid_request_error', param })
    expect(translatedError(error, to).param).toBe(expected)
  })

  it("keeps OpenAI's finer codes between its own two protocols only", () => {
    const error = refusal("Unsupported parameter: 'temperature' is not supported with this model.", {
      ...{ status: 400, providerType: 'invalid_request_error', providerCode: 'unsupported_parameter' },
    })
    expect(translatedError(error, 'openai-responses').providerCode).toBe('unsupported_parameter')
    const followers = refusal('m', { status: 400, providerType: 'BadRequestError', providerCode: '400' })
    expect(translatedError(followers, 'openai-responses')).toMatchObject({
      ...{ providerType: 'invalid_request_error', providerCode: 'invalid_request_error' },
    })
  })

  it('keeps the error as the cause', () => {
    const error = refusal('prompt is too long: 9 tokens > 8 maximum', { status: 400 })
    expect(translatedError(error, 'gemini').cause).toBe(error)
  })

  it('leaves errors of ours as they are', () => {
    const ours = new ProxyError('backend_timeout', 'backend a sent nothing for 600 s')
    expect(translatedError(ours, 'gemini')).toBe(ours)
  })
})
