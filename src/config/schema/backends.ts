import * as z from 'zod'
import { protocolNames } from '../../core/protocol-name.ts'
import { count, seconds, words } from './quantities.ts'

/** First path segments of our own routes (`spec/http-api.md`): a pinned path could not reach such a backend. */
const reservedNames = ['v1', 'v1beta', 'internal', 'metrics', 'healthz', 'readyz', 'openapi.json'] as const

const reserved: readonly string[] = reservedNames

/** What backends may be called: it stands in paths and before the colon of a selector. */
export const backendNamePattern = /^[a-z0-9][a-z0-9._-]*$/

const backendName = z
  .string()
  .refine(
    (name) => backendNamePattern.test(name),
    'a backend name has lower-case letters, digits, dots, dashes and underscores, and begins with a letter or digit',
  )
  .refine(
    (name) => !reserved.includes(name),
    `is a path of this proxy and cannot name a backend (reserved: ${reservedNames.join(', ')})`,
  )

const apiUrl = z
  .string()
  .refine(isHttpUrl, 'is not an http:// or https:// URL, such as https://api.openai.com/v1')
  .describe("The provider's API with its version prefix; default: the preset's")

function isHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.hash === ''
}

// These belong to the connection and the message; setting them would break the request.
const framingHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

const headerName = z
  .string()
  .refine((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name), 'is not a header name')
  .refine((name) => !framingHeaders.has(name.toLowerCase()), 'is set by the proxy itself')

const headerText = z
  .string()
  .refine((text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text), 'has characters that no header can carry')

const passthroughPath = words().refine(
  (path) => !path.startsWith('/') && !path.split('/').includes('..'),
  'is a path after the version prefix, without a leading slash, such as files or batches/*',
)

const timeouts = z
  .strictObject({
    connect_seconds: seconds().default(10).describe('Until the connection stands'),
    headers_seconds: seconds().default(600).describe('From the request sent to the status'),
    first_content_seconds: seconds().default(600).describe('From the request sent to the first content'),
    idle_seconds: seconds().default(300).describe('Silence between two pieces of an answer'),
    total_seconds: seconds().default(3600).describe('The whole attempt'),
    failover_seconds: seconds()
      .default(60)
      .describe('No byte of a stream yet while another target is left: try that one'),
  })
  .prefault({})
  .describe('No default cuts what the official SDKs would still wait for')

const backend = z.strictObject({
  type: words().optional().describe('The kind of provider; default: the name up to its first dot'),
  api_url: apiUrl.optional(),
  api_key: z.string().optional().describe('Our provider key; present and empty: this backend has none'),
  credentials: z
    .enum(['proxy', 'client', 'client_first', 'none'])
    .optional()
    .describe("Whose provider key is sent: ours, only the client's, the client's if it has one, none"),
  trust_client_credentials: z
    .boolean()
    .default(false)
    .describe("Lets a client's own credential go to an api_url that is not the preset's"),
  stream_usage: z
    .enum(['ask', 'never', 'always'])
    .optional()
    .describe('Asks for usage in streams whose client did not; default by preset'),
  untranslatable: z
    .enum(['warn', 'reject'])
    .default('warn')
    .describe('What happens to hints that another protocol cannot carry'),
  passthrough: z
    .array(passthroughPath)
    .default([])
    .describe('Extra provider paths opened with our provider key, for admins'),
  protocols: z.array(z.enum(protocolNames)).min(1).optional().describe('What it speaks; default by type'),
  models: z.array(words()).default([]).describe('Its models; empty: the provider is asked'),
  headers: z.record(headerName, headerText).default({}).describe('Added to each request'),
  timeouts,
  on_client_disconnect: z
    .union([
      z.literal('abort'),
      z.strictObject({ drain_seconds: seconds(0, 3600).describe('How long to read on') }),
    ])
    .default('abort')
    .describe('abort, or {drain_seconds: 30} to read the answer to its end for the usage record'),
  max_concurrent: count(1, 100_000)
    .nullable()
    .default(null)
    .describe('Exchanges at the same time; others wait in line'),
})

export const backends = z
  .record(backendName, backend)
  .default({})
  .describe('Provider endpoints by name; openai.eu is an instance of type openai')
