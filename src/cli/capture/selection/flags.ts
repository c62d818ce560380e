import { Flags } from '@oclif/core'

const many = { multiple: true, multipleNonGreedy: true } as const

/** `--leg` means something else where sides of the proxy are chosen. */
export function directionFlag(aliases: string[] = []) {
  return Flags.string({
    ...many,
    char: 'd',
    aliases,
    summary: 'a leg: ctp, ptb, btp, ptc',
    helpValue: 'LEG',
    helpGroup: 'FILTER',
  })
}

/** Which part of a capture is meant: the same for every command that reads one. */
export const selectionFlags = {
  backend: Flags.string({
    ...many,
    char: 'b',
    summary: "a backend's name or type, * as wildcard",
    helpValue: 'NAME',
    helpGroup: 'FILTER',
  }),
  model: Flags.string({
    ...many,
    summary: 'with or without its date, * as wildcard',
    helpValue: 'NAME',
    helpGroup: 'FILTER',
  }),
  'session-id': Flags.string({ summary: 'the session', helpValue: 'ID', helpGroup: 'FILTER' }),
  'session-substring': Flags.string({
    summary: 'a part of the session',
    helpValue: 'TEXT',
    helpGroup: 'FILTER',
  }),
  direction: directionFlag(),
  search: Flags.string({
    char: 's',
    summary: 'a text anywhere in what passed',
    helpValue: 'TEXT',
    helpGroup: 'FILTER',
  }),
  since: Flags.string({
    aliases: ['start-time'],
    summary: '2026-11-27T13:00, 13:00, 10m, today, seconds since 1970',
    helpValue: 'TIME',
    helpGroup: 'FILTER',
  }),
  until: Flags.string({
    aliases: ['end-time'],
    summary: 'the end, inclusive at the precision written',
    helpValue: 'TIME',
    helpGroup: 'FILTER',
  }),
  filter: Flags.string({
    summary: 'exchanges that an expression means, such as "~model sonnet & (ttft>2s | status>=500)"',
    helpValue: 'EXPR',
    helpGroup: 'FILTER',
  }),
}

/** As oclif gives them. */
export interface SelectionValues {
  backend?: string[] | undefined
  model?: string[] | undefined
  'session-id'?: string | undefined
  'session-substring'?: string | undefined
  direction?: string[] | undefined
  search?: string | undefined
  since?: string | undefined
  until?: string | undefined
  filter?: string | undefined
}

/** Those that were given, as they are written. */
export function givenFilters(flags: SelectionValues): string[] {
  return Object.keys(selectionFlags)
    .filter((name) => flags[name as keyof SelectionValues] !== undefined)
    .map((name) => `--${name}`)
}
