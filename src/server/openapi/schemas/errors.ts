import { z } from 'zod'
import { type ErrorCode, errorKinds } from '../../../core/errors.ts'
import { maybeText, named, text } from './words.ts'

const code = z.enum(Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]])

/** As the routes of the proxy's own API answer. */
export const apiError = named(
  'Error',
  z.strictObject({ error: z.strictObject({ code, message: text.describe('What happened and what to do') }) }),
)

/** As it answers before a route is asked: in the shape of the protocol that the path belongs to, else of OpenAI's. */
export const doorError = named(
  'RefusedAtTheDoor',
  z.strictObject({ error: z.strictObject({ message: text, type: text, param: maybeText, code }) }),
)
