import { isIP } from 'node:net'
import * as z from 'zod'
import { auth } from './schema/auth.ts'
import { backends } from './schema/backends.ts'
import { healthCheck } from './schema/health-check.ts'
import { megabytes, seconds, words } from './schema/quantities.ts'
import { replacement } from './schema/replacement.ts'
import { failoverRoutes, failureHandling, modelAliases, resilience } from './schema/routing.ts'
import { usageTracking } from './schema/usage-tracking.ts'
import { wireCapture } from './schema/wire-capture.ts'

const logging = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('The least that is logged'),
    format: z
      .enum(['auto', 'pretty', 'json'])
      .default('auto')
      .describe('Lines for people or JSON; auto: pretty on a terminal, json elsewhere'),
  })
  .prefault({})
  .describe('The log on stderr')

const listenHost = words().refine(
  (host) => /^[\w.-]*$/.test(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0,
  'is a host name or address without port, such as 127.0.0.1, 0.0.0.0 or ::1',
)

/** The whole configuration, in the words and the order of its YAML file (`spec/config.md`, Keys). */
export const configSchema = z.strictObject({
  host: listenHost
    .default('127.0.0.1')
    .describe('The address to listen on; beyond loopback needs access keys'),
  port: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8000)
    .describe('The port to listen on; 0 takes a free one'),
  auth,
  default_backend: words()
    .nullable()
    .default(null)
    .describe('A selector for models that nothing else places, such as openai'),
  backends,
  model_aliases: modelAliases,
  failover_routes: failoverRoutes,
  failure_handling: failureHandling,
  resilience,
  max_body_mb: megabytes(0.001, 100_000).default(64).describe('The largest request body'),
  max_bodies_mb: megabytes(0.001, 1_000_000)
    .default(512)
    .describe('All request bodies in memory together; beyond it 503 with retry-after'),
  shutdown_grace_seconds: seconds(0, 86_400).default(30).describe('How long running streams may go on'),
  health_check: healthCheck,
  usage_tracking: usageTracking,
  wire_capture: wireCapture,
  replacement,
  logging,
})

export type Config = z.output<typeof configSchema>
export type AccessKeyConfig = Config['auth']['api_keys'][number]
