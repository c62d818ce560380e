import type { ErrorCode } from '../../../core/errors.ts'
import type { Operation } from '../operation.ts'
import { anything } from '../schemas/small.ts'

/** What can go wrong before or instead of a provider's own answer, in the shape of the client's protocol. */
const errors: readonly ErrorCode[] = [
  ...([
    'bad_json',
    'bad_selector',
    'bad_session',
    'duplicate_model',
    'model_missing',
    'untranslatable',
  ] as const),
  ...(['no_credential', 'model_refused', 'path_refused', 'price_missing', 'unknown_backend'] as const),
  ...(['unknown_model', 'unknown_route', 'method_refused', 'request_timeout', 'body_too_large'] as const),
  ...([
    'unsupported_encoding',
    'bad_encoding',
    'upgrade_refused',
    'request_limit',
    'spending_limit',
  ] as const),
  ...(['call_over_limit', 'backend_limited', 'internal', 'connect_failed', 'backend_closed'] as const),
  ...(['backend_truncated', 'backend_answer', 'backend_error', 'provider_key_refused'] as const),
  ...(['bodies_full', 'shutting_down', 'backend_timeout', 'loop'] as const),
]

const messages = [{ role: 'user', content: 'hi' }]
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
const passed = {
  200: {
    description: 'The backend’s answer; of streams, server-sent events',
    schema: anything,
    example: {},
  },
}
const named = { model: 'Everything between models/ and the last colon' }

function passing(path: string, id: string, summary: string, example: object): Operation {
  return {
    ...{ method: 'post', path, id, tag: 'frontends', summary, errors, answers: passed },
    body: { schema: anything, example },
    ...(path.includes('{model}') && { pathParameters: named }),
  }
}

/** Whatever a provider has there. */
function untouched(
  method: 'post' | 'get' | 'delete',
  path: string,
  id: string,
  summary: string,
  pathParameters: Record<string, string>,
): Operation {
  const { body, ...without } = passing(path, `${method}${id[0]?.toUpperCase()}${id.slice(1)}`, summary, {})
  return { ...without, method, pathParameters, ...(method === 'post' && body && { body }) }
}

const geminiUnder = (prefix: string, suffix: string) =>
  (
    [
      ['generateContent', 'Generates an answer'],
      ['streamGenerateContent', 'Streams an answer, as events or as a JSON array'],
      ['countTokens', 'Counts a prompt’s tokens'],
    ] as const
  ).map(([method, summary]) =>
    passing(
      `${prefix}/models/{model}:${method}`,
      `gemini${method[0]?.toUpperCase()}${method.slice(1)}${suffix}`,
      `${summary}, in Gemini’s protocol`,
      { contents },
    ),
  )

export const frontendOperations: readonly Operation[] = [
  passing('/v1/chat/completions', 'createChatCompletion', 'Generates an answer, in OpenAI’s chat protocol', {
    ...{ model: 'gpt-4o', messages },
  }),
  passing('/v1/responses', 'createResponse', 'Generates an answer, in OpenAI’s Responses protocol', {
    ...{ model: 'gpt-4o', input: 'hi' },
  }),
  passing('/v1/responses/input_tokens', 'countResponseTokens', 'Counts a prompt’s tokens, in that protocol', {
    ...{ model: 'gpt-4o', input: 'hi' },
  }),
  passing('/v1/messages', 'createMessage', 'Generates an answer, in Anthropic’s protocol', {
    ...{ model: 'claude-sonnet-4-5', max_tokens: 100, messages },
  }),
  passing('/v1/messages/count_tokens', 'countMessageTokens', 'Counts a prompt’s tokens, in that protocol', {
    ...{ model: 'claude-sonnet-4-5', messages },
  }),
  ...geminiUnder('/v1beta', 'Beta'),
  ...geminiUnder('/v1', ''),
  ...(['post', 'get', 'delete'] as const).flatMap((method) => [
    untouched(method, '/v1/{path}', 'untouched', 'Goes untouched to a backend of the client’s family', {
      path: 'Such as embeddings or files; it may have slashes',
    }),
    untouched(method, '/{backend}/{path}', 'pinned', 'Goes to this backend, whatever the model says', {
      backend: 'The name of a configured backend',
      path: 'The path of a protocol, such as v1/messages',
    }),
  ]),
]
