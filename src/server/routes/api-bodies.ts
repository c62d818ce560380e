import * as z from 'zod'
import { ProxyError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'

const longestSessionId = 512
const captureModes = ['off', 'recent', 'all'] as const

/** What `POST /internal/capture` takes. */
export const captureModeBody = z.strictObject({
  mode: z.enum(captureModes, { error: `mode is one of ${captureModes.join(', ')}` }),
})

const noExchangeId = 'exchange is the id of an exchange, such as x_1m8byek899yt'
/** What `POST /internal/capture/save` takes: null means all that is kept. */
export const captureSaveBody = z.strictObject({
  exchange: z.string({ error: noExchangeId }).min(1, { error: noExchangeId }).nullable().default(null),
})

const emptySessionId = 'session_id must be a text that is not empty'
/** What `POST /v1/replacement/opt-out` takes. */
export const optOutBody = z.strictObject({
  session_id: z
    .string({ error: emptySessionId })
    .min(1, { error: emptySessionId })
    .max(longestSessionId, { error: `session_id is longer than ${longestSessionId} characters` }),
})

/** The body as its schema has it. Throws `bad_request`, which names the member at fault. */
export function checkedBody<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  body: JsonObject,
): z.infer<typeof schema> {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const issues = read.error.issues
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))[0]
  const [known = ''] = Object.keys(schema.shape)
  if (unknown !== undefined) {
    throw new ProxyError('bad_request', `"${unknown}" is not known; the body is {"${known}": …}`, {
      param: unknown,
    })
  }
  throw new ProxyError('bad_request', issues[0]?.message ?? 'the body is not as it must be', { param: known })
}
