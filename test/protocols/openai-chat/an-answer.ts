import type { Call } from '../../../src/core/call.ts'
import type { Event } from '../../../src/core/event.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { AnswerAbout } from '../../../src/core/protocol.ts'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'
import { emptyCall } from '../../../src/protocols/translation/empty-call.ts'

/** For whom an answer is said: a chat client whose call has these wishes, of Claude's. */
export function aboutFor(wishes: Partial<Call> = {}): AnswerAbout {
  return {
    exchangeId: 'x_01jd0example',
    createdS: 1_767_614_400,
    source: { protocol: 'anthropic-messages', model: 'claude-sonnet-4-5' },
    call: { ...emptyCall({ model: 'm', stream: true }), usageAsked: false, ...wishes },
    framing: 'sse',
  }
}

/** The data of a stream's blocks; `[DONE]` as it stands. */
export function blocksOf(stream: string): (JsonObject | '[DONE]')[] {
  const blocks = stream.split('\n\n')
  if (blocks.pop() !== '') throw new Error('the last block is not whole')
  return blocks.map((block) => {
    const data = block.slice('data: '.length)
    if (!block.startsWith('data: ') || data.includes('\n')) throw new Error(`not one data line: ${block}`)
    return data === '[DONE]' ? data : JSON.parse(data)
  })
}

/** A whole stream of these events, said event by event. */
export function streamOf(events: readonly Event[], about: AnswerAbout = aboutFor()): string {
  const encoder = openAiChat.streamEncoder(about)
  return events.map((event) => encoder.push([event])).join('') + encoder.end()
}

/** The deltas of the first choice, finish reasons as `{finish_reason}`. */
export function deltasOf(stream: string): unknown[] {
  return blocksOf(stream).flatMap((block) => {
    if (block === '[DONE]') return []
    const choices = block.choices as { index: number; delta: object; finish_reason: string | null }[]
    return choices.map(({ delta, finish_reason }) => (finish_reason === null ? delta : { finish_reason }))
  })
}
