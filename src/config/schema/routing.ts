import * as z from 'zod'
import { count, seconds, words } from './quantities.ts'

const glob = words()
  .max(256)
  .refine(
    (pattern) => !/[\^$()[\]{}\\|]/.test(pattern),
    'is a glob in which only * and ? are special, not a regular expression',
  )

export const modelAliases = z
  .array(
    z.strictObject({
      pattern: glob.describe('Which requested models it is for; * is any text, ? one character'),
      replacement: words().describe('The selector to use instead, such as openai:gpt-4o'),
    }),
  )
  .default([])
  .describe('Other models for requested ones; the first match wins')

export const failoverRoutes = z
  .record(words(), z.array(words()).min(1))
  .default({})
  .describe('For a model the selectors to try in order')

export const failureHandling = z
  .strictObject({
    max_attempts: count(1, 100).default(5).describe('Attempts of one exchange in all'),
    total_budget_seconds: seconds(0, 86_400)
      .default(90)
      .describe('After this no other attempt or wait begins; a running one is not cut'),
    max_wait_seconds: seconds(0, 3600).default(30).describe('The longest wait for a cooldown to end'),
    keepalive_seconds: seconds(0.1, 3600)
      .default(15)
      .describe('Silence after which a stream gets a comment that keeps it alive'),
  })
  .prefault({})
  .describe('Retries and failover')

export const resilience = z
  .strictObject({
    circuit_breaker: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Leaves out a backend that keeps failing'),
        failure_threshold: count(1, 10_000).default(3).describe('Consecutive failures that open it'),
        open_seconds: seconds(0.01, 600).default(30).describe('How long; doubles up to ten minutes'),
      })
      .prefault({})
      .describe('The circuit breaker of each backend'),
  })
  .prefault({})
  .describe('How backends that fail are treated')
