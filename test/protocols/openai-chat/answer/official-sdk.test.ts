import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { ProxyError } from '../../../../src/core/errors.ts'
import type { Event } from '../../../../src/core/event.ts'
import { openAiChat } from '../../../../src/protocols/openai-chat/index.ts'
import { aboutFor, streamOf } from '../an-answer.ts'

const events: Event[] = [
  { type: 'start', id: 'msg_1', model: 'claude-sonnet-4-5' },
  { type: 'reasoning', text: 'hm' },
  { type: 'text', text: 'Hel' },
  { type: 'text', text: 'lo' },
  { type: 'tool_call', index: 0, id: 'toolu_1', name: 'f', arguments: '' },
  { type: 'tool_call', index: 1, id: 'toolu_2', name: 'g', arguments: '{"b":' },
  { type: 'tool_call', index: 0, arguments: '{"a":1}' },
  { type: 'tool_call', index: 1, arguments: '2}' },
  { type: 'usage', usage: { promptTokens: 12, completionTokens: 5, totalTokens: 17 } },
  { type: 'end', reason: 'tool', raw: 'tool_use' },
]

function clientOf(body: string, type = 'text/event-stream'): OpenAI {
  const fetch = () => Promise.resolve(new Response(body, { headers: { 'content-type': type } }))
  return new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 })
}
const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] }

test("OpenAI's stream helper adds the stream up to the answer", async () => {
  const client = clientOf(streamOf(events, aboutFor({ usageAsked: true })))
  const stream = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } })
  const answer = await stream.finalChatCompletion()
  expect(answer).toMatchObject({
    id: 'chatcmpl-01jd0example',
    model: 'claude-sonnet-4-5',
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Hello',
          tool_calls: [
            { id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            { id: 'toolu_2', type: 'function', function: { name: 'g', arguments: '{"b":2}' } },
          ],
        },
      },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 },
  })
})

test("OpenAI's client throws on a stream that failed", async () => {
  const encoder = openAiChat.streamEncoder(aboutFor())
  const written = encoder.push(events.slice(0, 3)) + encoder.fail(new ProxyError('internal', 'it broke'))
  const stream = await clientOf(written).chat.completions.create({ ...request, stream: true })
  await expect(async () => {
    for await (const _chunk of stream);
  }).rejects.toThrow('it broke')
})
