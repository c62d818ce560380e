import { Args, Flags } from '@oclif/core'
import { sourceFlags } from '../../usage/filter-flags.ts'
import { type SelectionValues, selectionFlags } from '../selection/flags.ts'

export const mockArgs = {
  file: Args.string({ description: 'a file, a folder, or - for stdin; default: the newest capture' }),
}

export const mockFlags = {
  host: Flags.string({ summary: 'where it listens', default: '127.0.0.1', helpValue: 'HOST' }),
  port: Flags.integer({ min: 0, max: 65_535, default: 9000, summary: '0: a free one', helpValue: 'PORT' }),
  speed: Flags.string({
    summary: 'how many times as fast as recorded; max: without waiting',
    default: '1',
    helpValue: '1|10|max',
  }),
  'max-gap': Flags.string({ summary: 'no silence is longer, such as 2s', helpValue: 'DURATION' }),
  strict: Flags.boolean({ summary: 'only requests that are exactly the same are answered' }),
  reuse: Flags.string({
    summary: 'when all recordings of a request were given: the last again, all anew, or none',
    options: ['last', 'cycle', 'none'],
    default: 'last',
  }),
  'on-miss': Flags.string({
    summary: 'what a request without a recording gets: 503, or 404',
    options: ['fail', '404'],
    default: 'fail',
  }),
  ...selectionFlags,
  json: Flags.boolean({ summary: 'JSON Lines: where it listens, each request, the sums' }),
  config: sourceFlags.config,
}

/** As oclif gives them. */
export interface MockValues extends SelectionValues {
  host: string
  port: number
  speed: string
  'max-gap'?: string | undefined
  strict: boolean
  reuse: string
  'on-miss': string
  json?: boolean | undefined
  config?: string | undefined
}
