import { Args, Flags } from '@oclif/core'
import { sourceFlags } from '../../usage/filter-flags.ts'
import { type SelectionValues, selectionFlags } from '../selection/flags.ts'

export const compareLevels = ['bytes', 'events', 'semantic', 'structure'] as const

export const replayArgs = {
  file: Args.string({ description: 'a file, a folder, or - for stdin; default: the newest capture' }),
}

const { char: _, ...search } = selectionFlags.search

/** Where it is sent. */
const targetFlags = {
  against: Flags.string({
    char: 'p',
    aliases: ['url', 'proxy-url'],
    summary: 'the proxy; default: the local one. Elsewhere only with --live',
    helpValue: 'URL',
    helpGroup: 'TARGET',
  }),
  self: Flags.boolean({
    summary: 'a proxy in this process whose providers answer from the file: no network',
    helpGroup: 'TARGET',
  }),
  live: Flags.boolean({
    summary: 'a real provider, which bills: --backend of the configuration, or a proxy --against elsewhere',
    helpGroup: 'TARGET',
  }),
  'api-key': { ...sourceFlags['api-key'], helpGroup: 'TARGET' },
}

const spendingFlags = {
  'yes-spend': Flags.boolean({ summary: 'with --live: go, after the plan', helpGroup: 'SPENDING' }),
  'max-requests': Flags.integer({
    min: 1,
    summary: 'the first N; default 10 with --live, else all',
    helpValue: 'N',
    helpGroup: 'SPENDING',
  }),
  'max-cost': Flags.string({
    summary: 'with --live: stop before more is spent',
    helpValue: 'USD',
    helpGroup: 'SPENDING',
  }),
  'max-output-tokens': Flags.integer({
    min: 1,
    summary: 'with --live: no answer may be longer',
    helpValue: 'N',
    helpGroup: 'SPENDING',
  }),
}

export const replayFlags = {
  ...targetFlags,
  compare: Flags.string({
    summary: 'how closely; default: semantic, with --live structure',
    options: [...compareLevels],
  }),
  speed: Flags.string({
    char: 's',
    default: 'max',
    summary: 'by the recorded times, so many times as fast; max: as it goes',
    helpValue: '1|10|max',
  }),
  concurrency: Flags.integer({
    min: 1,
    summary: 'at most so many at a time; default 8 at --speed max, else all',
    helpValue: 'N',
  }),
  'timing-tolerance': Flags.string({
    default: '2',
    summary: 'answers may take so many times as long; said, never an exit code',
    helpValue: 'RATIO',
  }),
  'dry-run': Flags.boolean({ summary: 'print the plan, send nothing' }),
  save: Flags.string({ summary: 'record the new run as a capture', helpValue: 'FILE' }),
  json: Flags.boolean({ char: 'j', summary: 'JSON Lines: each exchange as it ends, then the summary' }),
  output: Flags.string({
    char: 'o',
    aliases: ['report'],
    charAliases: ['r'],
    summary: 'write the report to this file',
    helpValue: 'FILE',
  }),
  ...spendingFlags,
  exchange: Flags.string({
    summary: 'only this one, by its id or a beginning of it',
    helpValue: 'ID',
    helpGroup: 'FILTER',
  }),
  last: Flags.integer({ min: 1, summary: 'the last N exchanges', helpValue: 'N', helpGroup: 'FILTER' }),
  ...selectionFlags,
  search: Flags.string({ ...search, multiple: false }),
  backend: Flags.string({
    ...{ multiple: true, multipleNonGreedy: true, char: 'b' },
    summary: "a backend's name or type, * as wildcard; with --live the one that is asked",
    helpValue: 'NAME',
    helpGroup: 'FILTER',
  }),
  model: Flags.string({
    ...{ multiple: true, multipleNonGreedy: true },
    summary: 'with or without its date, * as wildcard; with --live the one that is asked',
    helpValue: 'NAME',
    helpGroup: 'FILTER',
  }),
  config: sourceFlags.config,
}

/** As oclif gives them. */
export interface ReplayValues extends SelectionValues {
  against?: string | undefined
  self: boolean
  live: boolean
  'api-key'?: string | undefined
  compare?: string | undefined
  speed: string
  concurrency?: number | undefined
  'timing-tolerance': string
  'dry-run': boolean
  save?: string | undefined
  json: boolean
  output?: string | undefined
  'yes-spend': boolean
  'max-requests'?: number | undefined
  'max-cost'?: string | undefined
  'max-output-tokens'?: number | undefined
  exchange?: string | undefined
  last?: number | undefined
  config?: string | undefined
}
