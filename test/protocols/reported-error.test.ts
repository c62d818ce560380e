import { expect, test } from 'vitest'
import type { Json } from '../../src/core/json.ts'
import { errorEvent, readReportedError } from '../../src/protocols/reported-error.ts'

const nothing = { type: null, code: null, param: null, status: null, retryAfterMs: null }

test.each<[string, Json, object]>([
  [
    'OpenAI',
    {
      error: {
        message: 'no such model',
        type: 'invalid_request_error',
        param: 'model',
        code: 'model_not_found',
      },
    },
    {
      message: 'no such model',
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
      status: 404,
    },
  ],
  [
    'Anthropic',
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_1' },
    { message: 'Overloaded', type: 'overloaded_error', status: 529 },
  ],
  [
    'Anthropic with a finer code',
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'm', details: { error_code: 'bad_thing' } },
    },
    { message: 'm', type: 'invalid_request_error', code: 'bad_thing', status: 400 },
  ],
  [
    'Gemini with a wait',
    {
      error: {
        code: 429,
        message: 'quota',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.074824224s' }],
      },
    },
    {
      message: 'quota',
      type: 'RESOURCE_EXHAUSTED',
      code: 'RESOURCE_EXHAUSTED',
      status: 429,
      retryAfterMs: 34_075,
    },
  ],
  [
    'Gemini in an array, with a reason',
    [
      {
        error: {
          code: 400,
          message: 'bad key',
          status: 'INVALID_ARGUMENT',
          details: [{ reason: 'API_KEY_INVALID' }],
        },
      },
    ],
    { message: 'bad key', type: 'INVALID_ARGUMENT', code: 'API_KEY_INVALID', status: 400 },
  ],
  ['Ollama', { error: 'model "x" not found' }, { message: 'model "x" not found' }],
  [
    'xAI',
    { code: 'invalid-argument', error: 'Bad model' },
    { message: 'Bad model', code: 'invalid-argument' },
  ],
  ['Mistral, a text', { detail: 'Unauthorized' }, { message: 'Unauthorized' }],
  [
    'Mistral, a list',
    { detail: [{ loc: ['body', 'model'], msg: 'Field required' }, { msg: 'Too long' }] },
    { message: 'Field required; Too long' },
  ],
  [
    'Mistral, an object',
    { object: 'error', message: 'Rate limit', type: 'rate_limit_error', code: '1300' },
    { message: 'Rate limit', type: 'rate_limit_error', code: '1300', status: 429 },
  ],
  [
    'Azure',
    { error: { code: '401', message: 'Access denied' } },
    { message: 'Access denied', code: '401', status: 401 },
  ],
  [
    'OpenRouter',
    { error: { code: 429, message: 'Provider returned error', metadata: { raw: 'google is busy' } } },
    { message: 'Provider returned error: google is busy', code: '429', status: 429 },
  ],
  [
    'Groq in a stream',
    { error: { message: 'm', type: 'invalid_request_error', code: 'tool_use_failed', status_code: 400 } },
    { message: 'm', type: 'invalid_request_error', code: 'tool_use_failed', status: 400 },
  ],
  [
    'Cloudflare',
    { success: false, errors: [{ code: 10000, message: 'Auth' }] },
    { message: 'Auth', code: '10000' },
  ],
  ['plain text', 'upstream connect error', { message: 'upstream connect error' }],
  [
    "a Responses event's parts at the top",
    { type: 'error', sequence_number: 4, code: 'server_error', message: 'sorry', param: null },
    { message: 'sorry', code: 'server_error', status: 500 },
  ],
])('reads the shape of %s', (_whose, body, expected) => {
  expect(readReportedError(body)).toEqual({ ...nothing, ...expected })
})

test.each<[Json]>([[null], [7], [''], [{}], [[]], [{ id: 'x', choices: [] }], [{ error: null }]])(
  '%j names no error',
  (body) => {
    expect(readReportedError(body)).toBeUndefined()
  },
)

test('an error without words still has some as an event', () => {
  expect(errorEvent(undefined)).toMatchObject({
    type: 'error',
    message: expect.stringContaining('without words'),
  })
})
