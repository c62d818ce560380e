import { Args, Flags } from '@oclif/core'
import { directionFlag, type SelectionValues, selectionFlags } from '../selection/flags.ts'

const many = { multiple: true, multipleNonGreedy: true } as const

export const inspectArgs = {
  file: Args.string({
    description:
      "captures: files, folders, - for standard input; else the newest of the configuration's output_dir",
    multiple: true,
  }),
}

/** What is shown, in this order. */
const sectionFlags = {
  entries: Flags.integer({
    char: 'e',
    min: 0,
    summary: 'the first N frames; 0: the summary only',
    helpValue: 'N',
    helpGroup: 'SHOW',
  }),
  last: Flags.integer({
    min: 1,
    max: 1_000_000,
    summary: 'the last N exchanges',
    helpValue: 'N',
    helpGroup: 'SHOW',
  }),
  range: Flags.string({
    ...many,
    char: 'r',
    summary: 'the frames with these numbers',
    helpValue: 'A-B',
    helpGroup: 'SHOW',
  }),
  around: Flags.integer({
    min: 0,
    summary: 'a frame and those before and after it',
    helpValue: 'N',
    helpGroup: 'SHOW',
  }),
  context: Flags.integer({
    char: 'c',
    min: 0,
    default: 5,
    summary: 'how many, for --around',
    helpValue: 'N',
    helpGroup: 'SHOW',
  }),
  entry: Flags.integer({ min: 0, summary: 'one frame, with all of it', helpValue: 'N', helpGroup: 'SHOW' }),
  exchange: Flags.string({
    summary: 'one exchange: its legs, what differs between them, what was said',
    helpValue: 'ID',
    helpGroup: 'SHOW',
  }),
  analyze: Flags.boolean({
    char: 'a',
    summary: 'what each exchange asked and was answered',
    helpGroup: 'SHOW',
  }),
  'analyze-streaming': Flags.boolean({
    summary: 'how each stream came: first content, gaps, chunks',
    helpGroup: 'SHOW',
  }),
  'detect-issues': Flags.boolean({
    summary: 'what went wrong, whose fault it is, and what proves it',
    helpGroup: 'SHOW',
  }),
  timeline: Flags.boolean({
    char: 't',
    summary: 'every frame of an exchange, one a line',
    helpGroup: 'SHOW',
  }),
  'status-summary': Flags.boolean({
    summary: 'how often which status was given, and by whom',
    helpGroup: 'SHOW',
  }),
  'group-by-session': Flags.boolean({ summary: 'sessions, one a line', helpGroup: 'SHOW' }),
  b2bua: Flags.boolean({ summary: 'sessions and the backends that served them', helpGroup: 'SHOW' }),
  'track-request': Flags.integer({
    min: 1,
    summary: 'all that passed in the N-th exchange',
    helpValue: 'N',
    helpGroup: 'SHOW',
  }),
  'list-backends': Flags.boolean({ char: 'l', summary: 'the backends that were asked', helpGroup: 'SHOW' }),
}

const issueFlags = {
  'min-severity': Flags.string({
    summary: 'issues that are at least so bad',
    options: ['info', 'note', 'warn', 'error'],
    helpGroup: 'ISSUES',
  }),
  only: Flags.string({
    ...many,
    summary: 'issues of this code, or of several with commas',
    helpValue: 'CODE',
    helpGroup: 'ISSUES',
  }),
  skip: Flags.string({ ...many, summary: 'no issues of this code', helpValue: 'CODE', helpGroup: 'ISSUES' }),
  'fail-on': Flags.string({
    summary: 'exit with 1 where an issue is at least so bad',
    options: ['info', 'note', 'warn', 'error'],
    helpGroup: 'ISSUES',
  }),
}

export const inspectFlags = {
  ...sectionFlags,
  ...selectionFlags,
  direction: directionFlag(['leg']),
  ...issueFlags,
  json: Flags.boolean({ char: 'j', summary: 'JSON Lines, as they come' }),
  output: Flags.string({ char: 'o', summary: 'write to this file', helpValue: 'FILE' }),
  hex: Flags.boolean({ summary: 'bodies in hexadecimal' }),
  verbose: Flags.boolean({ char: 'v', summary: 'headers, whole bodies, all messages' }),
  'max-data': Flags.integer({
    min: 0,
    default: 4096,
    summary: 'bytes of a body that are shown',
    helpValue: 'N',
  }),
  follow: Flags.boolean({ char: 'f', summary: 'go on with what is captured from now on' }),
  config: Flags.string({
    summary: 'the configuration file, for its output_dir and thresholds',
    helpValue: 'PATH',
  }),
}

/** As oclif gives them. */
export interface InspectValues extends SelectionValues {
  entries?: number | undefined
  last?: number | undefined
  range?: string[] | undefined
  around?: number | undefined
  context: number
  entry?: number | undefined
  exchange?: string | undefined
  analyze?: boolean | undefined
  'analyze-streaming'?: boolean | undefined
  'detect-issues'?: boolean | undefined
  timeline?: boolean | undefined
  'status-summary'?: boolean | undefined
  'group-by-session'?: boolean | undefined
  b2bua?: boolean | undefined
  'track-request'?: number | undefined
  'list-backends'?: boolean | undefined
  'min-severity'?: string | undefined
  only?: string[] | undefined
  skip?: string[] | undefined
  'fail-on'?: string | undefined
  json?: boolean | undefined
  output?: string | undefined
  hex?: boolean | undefined
  verbose?: boolean | undefined
  'max-data': number
  follow?: boolean | undefined
  config?: string | undefined
}
