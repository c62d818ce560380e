import { isIP } from 'node:net'
import * as z from 'zod'
import { count, words } from './quantities.ts'

// Refined rather than `.min(16)`: the schema for editors must let a short `${NAME}` pass.
const accessKey = z
  .string()
  .refine(
    (key) => key.length >= 16,
    'an access key has at least 16 characters; `llmproxy key new NAME` makes one',
  )
  .describe('The access key itself, at least 16 characters')

const namedKey = z
  .strictObject({
    name: z
      .string()
      .refine(
        (name) => /^[\p{L}\p{N}._@ -]{1,64}$/u.test(name),
        'a name has 1 to 64 letters, digits, spaces or . _ @ -',
      )
      .describe('Whose key it is; stands in usage records'),
    key: accessKey.optional(),
    key_sha256: z
      .string()
      .refine((hash) => /^[0-9a-fA-F]{64}$/.test(hash), 'a SHA-256 is written as 64 hexadecimal digits')
      .optional()
      .describe('Instead of key: its SHA-256 in hexadecimal'),
    role: z.enum(['user', 'admin']).default('user').describe('A user sees only its own usage'),
    models: z
      .array(words())
      .min(1)
      .nullable()
      .default(null)
      .describe('Globs of the models allowed, bare or backend:model; null: every model'),
    usd_per_day: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe(
        'What calls may cost from midnight UTC to the next, by this name in the usage ledger, which it needs; models without a price are refused',
      ),
    requests_per_minute: count().nullable().default(null).describe('Requests within any 60 seconds'),
  })
  .refine((entry) => (entry.key === undefined) !== (entry.key_sha256 === undefined), {
    message: 'needs either key or key_sha256',
    when: () => true,
  })

const hostName = words().refine(
  (host) => !/[/@\s]/.test(host),
  'is a host name or host:port, without scheme or path, such as proxy.example.com',
)

const origin = words().refine(
  (text) => text === 'null' || /^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+$/i.test(text),
  'is an origin without a path, such as https://app.example.com',
)

const proxyAddress = words().refine(
  isAddressOrNetwork,
  'is an IP address or a network, such as 10.0.0.7 or 10.0.0.0/8',
)

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

export const auth = z
  .strictObject({
    disable_auth: z.boolean().default(false).describe('Asks for no access key; refused beyond loopback'),
    api_keys: z
      .array(z.union([accessKey, namedKey]))
      .default([])
      .describe('Access keys: a string (an admin), or a mapping with a name and limits'),
    allowed_hosts: z
      .array(hostName)
      .default([])
      .describe('Host names that requests may name beyond loopback and the bound address'),
    allowed_origins: z.array(origin).default([]).describe('Browser origins that may call beyond loopback'),
    trusted_proxies: z
      .array(proxyAddress)
      .default([])
      .describe('Addresses or networks whose X-Forwarded-For counts'),
  })
  .prefault({})
  .describe('Who may use this proxy')
