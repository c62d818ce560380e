import * as z from 'zod'
import { count, seconds } from './quantities.ts'

const ping = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Sends ICMP pings, where the system permits it'),
    interval_seconds: seconds(0.1).default(30).describe('Between two pings'),
    timeout_seconds: seconds(0.1, 600).default(5).describe('Until a ping has failed'),
    failure_threshold: count(1, 10_000).default(3).describe('Consecutive failures that count'),
  })
  .prefault({})
  .describe('Network reachability')

const http = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Sends requests without credentials to each API URL'),
    interval_seconds: seconds(0.1).default(60).describe('Between two probes'),
    timeout_seconds: seconds(0.1, 600).default(10).describe('Until a probe has failed'),
    failure_threshold: count(1, 10_000).default(2).describe('Consecutive failures that count'),
    method: z.enum(['HEAD', 'GET']).default('HEAD').describe("The probe's method"),
    path: z
      .string()
      .refine((path) => /^[\x21-\x7e]*$/.test(path), 'is a URL path without spaces, or empty')
      .default('')
      .describe('Added to the API URL'),
    accept_any_response: z.boolean().default(true).describe('Any HTTP answer is success; false: only 2xx'),
  })
  .prefault({})
  .describe('HTTP probes')

export const healthCheck = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Checks the endpoints of configured backends'),
    circuit_breaker_enabled: z
      .boolean()
      .default(true)
      .describe('false turns off every automatic exclusion, by checks and by the breaker'),
    notify_backends: z.boolean().default(true).describe('Tells the breakers of a change'),
    log_healthy_checks: z.boolean().default(false).describe('Logs checks that succeed, too'),
    ping,
    http,
  })
  .prefault({})
  .describe('Endpoint health')
