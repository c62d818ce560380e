import type { CorpusExchange } from '../../support/corpus.ts'
import { sseBlock } from '../../support/sse-text.ts'
import { type Any, documentsOf } from './reported.ts'

/** A recorded whole answer as the least stream that reports the same; null where there is no such. */
export function toldInAStream(recorded: CorpusExchange): CorpusExchange | null {
  const [answer, ...others] = documentsOf(recorded.response.body)
  const isWhole = !recorded.response.headers['content-type']?.startsWith('text/event-stream')
  if (!answer || others.length > 0 || !isWhole || recorded.response.status !== 200) return null
  const body = bodies[recorded.protocol](answer)
  if (body === null) return null
  const headers = { 'content-type': 'text/event-stream' }
  return { ...recorded, stream: true, request: null, response: { status: 200, headers, body } }
}

const bodies: Record<CorpusExchange['protocol'], (answer: Any) => string | null> = {
  /** The prompt at its start, the whole at its end. */
  'anthropic-messages': (answer) => {
    if (!answer.usage) return null
    const begun = { ...answer, content: [], stop_reason: null, usage: { ...answer.usage, output_tokens: 1 } }
    const { stop_reason } = answer
    return [
      { type: 'message_start', message: begun },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason }, usage: answer.usage },
      { type: 'message_stop' },
    ]
      .map((event) => sseBlock(event, event.type))
      .join('')
  },
  /** Every chunk has a usage; the last counts. */
  gemini: (answer) => {
    const { usageMetadata: usage, ...rest } = answer
    if (!usage || !answer.candidates?.[0]?.finishReason) return null
    const candidates = [{ content: { role: 'model', parts: [{ text: 'Hello' }] } }]
    const first = { promptTokenCount: usage.promptTokenCount, totalTokenCount: usage.promptTokenCount }
    return sseBlock({ candidates, usageMetadata: first }) + sseBlock({ ...rest, usageMetadata: usage })
  },
  /** `null` on all chunks but one without choices, after the last that has some. */
  'openai-chat': (answer) => {
    const { usage, choices, ...rest } = answer
    if (!usage || !Array.isArray(choices)) return null
    const chunk = (delta: object, finish: string | null) =>
      sseBlock({ ...rest, choices: [{ index: 0, delta, finish_reason: finish }], usage: null })
    const last = sseBlock({ ...rest, choices: [], usage })
    return `${chunk({ role: 'assistant', content: 'Hello' }, null)}${chunk({}, 'stop')}${last}data: [DONE]\n\n`
  },
  'openai-responses': (answer) => {
    if (!answer.usage || !['completed', 'incomplete'].includes(answer.status)) return null
    const begun = { ...answer, status: 'in_progress', output: [], usage: null }
    return [
      { type: 'response.created', response: begun },
      { type: `response.${answer.status}`, response: answer },
    ]
      .map((event, i) => sseBlock({ ...event, sequence_number: i }, event.type))
      .join('')
  },
}
