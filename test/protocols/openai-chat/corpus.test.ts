import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import { isObject, type Json } from '../../../src/core/json.ts'
import { openAiChat } from '../../../src/protocols/openai-chat/index.ts'
import { foldEvents } from '../../../src/protocols/translation/fold-events.ts'
import { utf8 } from '../../support/chunking.ts'
import { readCorpus, wholeBody } from '../../support/corpus.ts'
import { aboutFor, streamOf } from './an-answer.ts'

const recorded = readCorpus().filter(
  ({ protocol, misc, response }) => protocol === 'openai-chat' && misc === null && response.status === 200,
)
const requests = recorded.flatMap(({ id, request }) =>
  Array.isArray(request?.body?.messages) ? [{ id, body: request.body }] : [],
)

/** Every text that stands in a request's messages. */
function textsIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (!isObject(value)) return []
  const { content, text } = value
  const own = [content, text].filter((said): said is string => typeof said === 'string' && said !== '')
  return [...own, ...textsIn(content)]
}

describe.skipIf(recorded.length === 0)('what clients and providers of chat really said', () => {
  test.each(requests)('request $id keeps its words, tools and calls', ({ body }) => {
    const call = openAiChat.decodeRequest(body, { model: 'gpt-4o', stream: body.stream === true })
    const again = openAiChat.encodeRequest(call, {
      ...{ backendType: 'openrouter', model: 'some-model', askForUsage: false },
    })
    const written = JSON.stringify(again.body.messages)
    for (const text of textsIn(body.messages)) expect(written).toContain(JSON.stringify(text).slice(1, -1))
    const reread = openAiChat.decodeRequest(again.body, { model: 'gpt-4o', stream: call.stream })
    expect(reread.tools).toEqual(call.tools.filter(({ type }) => type !== 'server'))
    const calls = (messages: typeof call.messages) =>
      messages.flatMap(({ parts }) =>
        parts.flatMap((part) => (part.type === 'tool_call' ? [[part.name, part.arguments]] : [])),
      )
    expect(calls(reread.messages)).toEqual(calls(call.messages))
  })

  test.each(recorded)('answer $id says the same when said again, streamed and whole', (exchange) => {
    const decoder = openAiChat.streamDecoder('sse')
    const events = exchange.stream
      ? [...decoder.push(utf8(exchange.response.body)), ...decoder.end()]
      : openAiChat.decodeAnswer(wholeBody(exchange) ?? null)
    const said = events.filter(({ type }) => type !== 'error')
    const about = aboutFor({ usageAsked: true })
    const reader = openAiChat.streamDecoder('sse')
    const streamed = [...reader.push(utf8(streamOf(said, about))), ...reader.end()]
    const whole = openAiChat.decodeAnswer(openAiChat.encodeAnswer(foldEvents(said, 'm'), about).body)
    expect(told(streamed)).toEqual(told(said))
    expect(told(whole)).toEqual(told(said))
  })
})

function told(events: readonly Event[]) {
  return foldEvents(events, 'm').choices.map(({ parts, end }) => ({
    text: parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(''),
    // Two chains of thought are one text in chat, parted by a blank line.
    thoughts: parts
      .flatMap((part) => (part.type === 'reasoning' ? [part.text] : []))
      .join('')
      .replaceAll('\n\n', ''),
    calls: parts.flatMap((part) => (part.type === 'tool_call' ? [[part.name, part.arguments]] : [])),
    reason: end.reason,
  }))
}
