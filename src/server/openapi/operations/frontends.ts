import * as z from 'zod'
import type { ErrorCode } from '../../../core/errors.ts'
import type { DocumentedAnswer, Operation } from '../operation.ts'
import { anything } from '../schemas/small.ts'

/** What can go wrong before or instead of a provider's own answer, in the shape of the client's protocol. */
const errors: readonly ErrorCode[] = [
  ...([
    'bad_json',
    'bad_request',
    'bad_selector',
    'bad_session',
    'duplicate_model',
    'model_missing',
    'model_too_long',
    'too_deep',
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
  ...(['ledger_failed', 'bodies_full', 'shutting_down', 'backend_timeout', 'loop'] as const),
]

const messages = [{ role: 'user', content: 'hi' }]
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
/** A backend's answer may have other types, and other statuses, than its protocol has. */
const answered = ({ alsoAs = {}, ...more }: Partial<DocumentedAnswer> = {}): Operation['answers'] => ({
  200: {
    ...{ description: 'The backend’s answer', schema: anything, example: {}, ...more },
    alsoAs: { ...alsoAs, '*/*': 'as the backend has it' },
  },
  default: { description: 'What else the backend answered', schema: anything, example: {} },
})
const alsoAs = { 'text/event-stream': 'data: {}\n\n' }
const wholeOrStream = answered({
  description: 'The backend’s answer; of streams, server-sent events',
  alsoAs,
})
const geminiStream = answered({ schema: z.union([z.array(anything), anything]), example: [{}], alsoAs })
const named = { model: 'Everything between models/ and the last colon' }

function passing(
  path: string,
  id: string,
  summary: string,
  example: object,
  answers = answered(),
): Operation {
  return {
    ...{ method: 'post', path, id, tag: 'frontends', summary, errors, answers },
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
      ['generateContent', 'Generates an answer', answered()],
      ['streamGenerateContent', 'Streams an answer, as events or as a JSON array', geminiStream],
      ['countTokens', 'Counts a prompt’s tokens', answered()],
    ] as const
  ).map(([method, summary, answers]) =>
    passing(
      `${prefix}/models/{model}:${method}`,
      `gemini${method[0]?.toUpperCase()}${method.slice(1)}${suffix}`,
      `${summary}, in Gemini’s protocol`,
      { contents },
      answers,
    ),
  )

export const frontendOperations: readonly Operation[] = [
  passing(
    '/v1/chat/completions',
    'createChatCompletion',
    'Generates an answer, in OpenAI’s chat protocol',
    {
      ...{ model: 'gpt-4o', messages },
    },
    wholeOrStream,
  ),
  passing(
    '/v1/responses',
    'createResponse',
    'Generates an answer, in OpenAI’s Responses protocol',
    {
      ...{ model: 'gpt-4o', input: 'hi' },
    },
    wholeOrStream,
  ),
  passing('/v1/responses/input_tokens', 'countResponseTokens', 'Counts a prompt’s tokens, in that protocol', {
    ...{ model: 'gpt-4o', input: 'hi' },
  }),
  passing(
    '/v1/messages',
    'createMessage',
    'Generates an answer, in Anthropic’s protocol',
    {
      ...{ model: 'claude-sonnet-4-5', max_tokens: 100, messages },
    },
    wholeOrStream,
  ),
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
