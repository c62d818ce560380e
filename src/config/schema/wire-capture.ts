import { z } from 'zod'
import { megabytes, words } from './quantities.ts'

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
    sync: z.enum(['none', 'interval', 'always']).default('none').describe('When files are synced to disk'),
  })
  .prefault({})
  .describe('The wire capture')
