import type { Amounts, Part, ToolCall } from '../plan.ts'

/** What there is to say, and how much of the usage to tell with it. */
export interface Said {
  id: string
  model: string
  tier: 'default' | 'flex'
  text: string
  pieces: readonly string[]
  calls: readonly ToolCall[]
  amounts: Amounts | null
}

/** A stream in the pieces that a provider sends it in; each frame is complete. */
export interface StreamFrames {
  /** Before any content. */
  opening: readonly string[]
  content: readonly string[]
  closing: readonly string[]
  /** In place of the rest, when the provider fails in the middle. */
  error: string
}

/** How one protocol says an answer. */
export interface Speech {
  whole(said: Said): unknown
  frames(said: Said): StreamFrames
  error(status: number): unknown
  /** What the opening frames tell of the usage already, where the stream breaks off. */
  openingTells: 'prompt' | 'nothing'
}

export function saidBy(part: Part, id: string, tells: boolean): Said {
  const { answersAs: model, pieces, calls } = part
  const [text, tier, amounts] = [
    pieces.join(''),
    part.flex ? 'flex' : 'default',
    tells ? part.amounts : null,
  ] as const
  return { id, model, tier, pieces, calls, text, amounts }
}

export function sse(data: unknown, event?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`
}

/** Both halves of a tool call's arguments, as streams bring them. */
export function halves(call: ToolCall): [string, string] {
  const json = JSON.stringify(call.arguments)
  const half = Math.ceil(json.length / 2)
  return [json.slice(0, half), json.slice(half)]
}
