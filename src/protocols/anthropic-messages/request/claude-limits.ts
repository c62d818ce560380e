/**
 * What Claude models refuse beyond what `model-families.ts` says, from Anthropic's pages on what is new in each
 * (platform.claude.com: thinking, tool use, prefill). The first pattern that fits counts.
 */
export interface ClaudeLimits {
  pattern: RegExp
  /** How thinking is turned off: by leaving it out, by saying so, only between tool calls, or not at all. */
  thinkingOff: 'left_out' | 'disabled' | 'between_tools' | 'never'
  /** Takes a `tool_choice` that forces a call. */
  forcedTools: boolean
  /** Goes on with an assistant turn that the request ends with. */
  prefill: boolean
}

const newest: Omit<ClaudeLimits, 'pattern'> = { thinkingOff: 'disabled', forcedTools: true, prefill: false }

const limits: readonly ClaudeLimits[] = [
  {
    ...newest,
    pattern: /claude-(opus-5|(fable|mythos)-5)[.-][1-9]\b/,
    thinkingOff: 'never',
    forcedTools: false,
  },
  { ...newest, pattern: /claude-(fable|mythos)/, thinkingOff: 'never' },
  { ...newest, pattern: /claude-sonnet-5[.-]5\b/, thinkingOff: 'between_tools' },
  { ...newest, pattern: /claude-(opus|sonnet)-4[.-][6-9]\b/, thinkingOff: 'left_out' },
  { pattern: /claude-(instant|2|3|\w+-4)/, thinkingOff: 'left_out', forcedTools: true, prefill: true },
  { ...newest, pattern: /claude/ },
]

const unknown: Omit<ClaudeLimits, 'pattern'> = { thinkingOff: 'disabled', forcedTools: true, prefill: true }

export function claudeLimits(model: string): Omit<ClaudeLimits, 'pattern'> {
  return limits.find(({ pattern }) => pattern.test(model)) ?? unknown
}
