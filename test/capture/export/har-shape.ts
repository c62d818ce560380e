import { z } from 'zod'

/**
 * HAR 1.2 as its specification has it (http://www.softwareishard.com/blog/har-12-spec/), which names what must be there; members that
 * begin with an underscore are anybody's own, all others must be known.
 */
const own = z.record(z.string().startsWith('_'), z.unknown())
function known<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = new Set(Object.keys(shape))
  return z
    .looseObject({ ...shape, comment: z.string().optional() })
    .refine((value) => own.safeParse(others(value, names)).success, 'has a member that HAR does not know')
}
function others(value: object, names: ReadonlySet<string>) {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'comment' && !names.has(name)))
}

const pairs = z.array(known({ name: z.string(), value: z.string() }))
const size = z.int().min(-1)
const ms = z.number().min(0)
const cookies = z.array(known({ name: z.string(), value: z.string() }))

const request = known({
  method: z.string().min(1),
  url: z.url(),
  httpVersion: z.string().min(1),
  ...{ cookies, headers: pairs, queryString: pairs, headersSize: size, bodySize: size },
  postData: known({ mimeType: z.string(), text: z.string() }).optional(),
})

const response = known({
  status: z.int().min(0),
  statusText: z.string(),
  httpVersion: z.string().min(1),
  ...{ cookies, headers: pairs, redirectURL: z.string(), headersSize: size, bodySize: size },
  content: known({
    size: z.int().min(0),
    mimeType: z.string().min(1),
    text: z.string().optional(),
    encoding: z.literal('base64').optional(),
  }),
})

export const harShape = z.strictObject({
  log: known({
    version: z.literal('1.2'),
    creator: known({ name: z.string(), version: z.string() }),
    entries: z.array(
      known({
        startedDateTime: z.iso.datetime({ offset: true }),
        time: ms,
        ...{ request, response },
        cache: z.strictObject({}),
        timings: known({ send: ms, wait: ms, receive: ms }),
      }).refine(
        ({ time, timings: { send, wait, receive } }) => Math.abs(time - send - wait - receive) < 0.01,
        'time is not the sum of its timings',
      ),
    ),
  }),
})
