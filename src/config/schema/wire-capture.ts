import * as z from 'zod'
import { count, megabytes, seconds, words } from './quantities.ts'

/** Where the detectors of issues draw their lines, in captures and on passing traffic. */
const thresholds = z
  .strictObject({
    stall_warn_seconds: seconds().default(10).describe('Silence within a stream that is a warning'),
    stall_error_seconds: seconds().default(30).describe('The same, an error'),
    slow_first_token_warn_seconds: seconds()
      .default(10)
      .describe('Wait for the first token that is a warning'),
    slow_first_token_error_seconds: seconds().default(30).describe('The same, an error'),
    proxy_latency_ms: count(1, 600_000)
      .default(250)
      .describe('Delay of a chunk in the proxy that is a warning'),
    retry_storm_attempts: count(2, 1_000).default(4).describe('Attempts, or equal requests within a minute'),
    tool_loop_turns: count(2, 1_000).default(3).describe('The same call in so many turns'),
    context_warn_ratio: z.number().min(0.01).max(1).default(0.8).describe('Share of the context window'),
  })
  .prefault({})
  .describe('Limits of issues')

export const wireCapture = z
  .strictObject({
    enabled: z.boolean().default(false).describe('true is mode: all, unless mode says recent'),
    mode: z
      .enum(['off', 'recent', 'all'])
      .default('off')
      .describe('Records nothing, the last exchanges in memory, or everything on disk'),
    recent_mb: megabytes().default(64).describe('Memory for mode recent'),
    output_dir: words().default('captures').describe('The folder of captures; not given: in LLMPROXY_HOME'),
    max_file_mb: megabytes().default(256).describe('Size at which a new file begins'),
    max_total_mb: megabytes().default(5120).describe('Size of all files; the oldest are deleted'),
    min_free_mb: megabytes(0).default(1024).describe('Free disk space below which nothing is captured'),
    thresholds,
    sync: z.enum(['none', 'interval', 'always']).default('none').describe('When files are synced to disk'),
  })
  .prefault({})
  .describe('The wire capture')
