import * as z from 'zod'
import { type ErrorCode, errorKinds } from '../../../core/errors.ts'
import { count, maybeText, named, text } from './words.ts'

const code = z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]])

/** As the routes of the proxy's own API answer. */
const apiError = named(
  'Error',
  z.strictObject({ error: z.strictObject({ code, message: text.describe('What happened and what to do') }) }),
)

/** As it answers before a route is asked: in the shape of the protocol that the path belongs to, else of OpenAI's. */
const doorError = named(
  'RefusedAtTheDoor',
  z.strictObject({ error: z.strictObject({ message: text, type: text, param: maybeText, code }) }),
)

/** As Anthropic's clients are told of what went wrong here, before or instead of a backend's answer. */
const anthropicError = named(
  'AnthropicError',
  z.strictObject({
    type: z.literal('error'),
    error: z.strictObject({
      type: text,
      message: text,
      details: z.strictObject({ error_code: code, param: text.optional() }),
    }),
    request_id: text.describe('The exchange'),
  }),
)

/** The code in Google's spelling. */
const reason = z.enum(Object.keys(errorKinds).map((name) => name.toUpperCase()))

/** As Gemini's clients are told of it. */
const geminiError = named(
  'GeminiError',
  z.strictObject({
    error: z.strictObject({
      code: count.describe('The status'),
      message: text,
      status: text,
      details: z.tuple(
        [
          z.strictObject({
            '@type': z.literal('type.googleapis.com/google.rpc.ErrorInfo'),
            reason,
            domain: z.literal('llmproxy'),
            metadata: z.strictObject({ param: text }).optional(),
          }),
        ],
        z.looseObject({ '@type': text }),
      ),
    }),
  }),
)

/** On the routes of the proxy's own API. */
export const ownError = named('OwnError', z.union([apiError, doorError]))

/** On the frontends: in the shape of the client's protocol. */
export const frontendError = named('FrontendError', z.union([doorError, anthropicError, geminiError]))
