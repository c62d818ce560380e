import { describe, expect, test } from 'vitest'
import { readAnswer, readPassedOn } from '../../../src/capture/view/read-answer.ts'
import { readRequest } from '../../../src/capture/view/read-request.ts'
import type { AnswerReading } from '../../../src/capture/view/reading.ts'
import { RequestMemory } from '../../../src/capture/view/request-memory.ts'
import type { LegView } from '../../../src/capture/view/view.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { aCapture, lastOf, refused } from '../../support/a-capture.ts'
import { aLeg } from '../../support/capture/a-leg.ts'

/** What a client asked, and what the proxy sent on, read one beside the other. */
function requestsOf(askedLeg: LegView, sentLeg: LegView, protocol: string) {
  const memory = new RequestMemory()
  const read = (bytes: Buffer) => memory.read('s_1', bytes)
  const asked = readRequest(askedLeg, protocol, { read })
  return { asked, sent: readRequest(sentLeg, protocol, { read, passedOn: () => asked }) }
}

/** All that is read of an answer. */
function content(reading: AnswerReading) {
  const { isStream, raw, events, json, text, isUtf8, answer, isTerminated, error, kinds, firstWord } = reading
  const blocks = raw.map(({ name, data, json: parsed, isComment, isWhole, offset, entry, atNs }) => ({
    ...{ name, data, parsed, isComment, isWhole, offset, entry, atNs },
  }))
  return { isStream, blocks, events, json, text, isUtf8, answer, isTerminated, error, kinds, firstWord }
}

/** The same bytes a second later, cut in another way. */
function passedOn(leg: LegView, parts: Partial<LegView> = {}): LegView {
  const body = Buffer.from(leg.body())
  const pieces = [body.subarray(0, 7), body.subarray(7, 90), body.subarray(90)]
  return aLeg(pieces, { leg: 'PTC', attempt: null, status: leg.status, headers: leg.headers, ...parts })
}

const view = (protocol: (typeof protocolNames)[number], stream: boolean) =>
  lastOf(aCapture({ protocol, stream })).btp.view(0, () => 0)

describe('an answer that was passed on', () => {
  test.each(protocolNames.flatMap((name) => [true, false].map((stream) => [name, stream] as const)))(
    'is read as if nobody had read it before (%s, stream %s)',
    (protocol, stream) => {
      const btp = view(protocol, stream)
      const read = readAnswer(btp, protocol, stream)
      const ptc = passedOn(btp)
      expect(content(readPassedOn(ptc, protocol, stream, read))).toEqual(
        content(readAnswer(ptc, protocol, stream)),
      )
    },
  )

  test('is read anew where its bytes, its status or its protocol are others', () => {
    const btp = view('openai-chat', true)
    const read = readAnswer(btp, 'openai-chat', true)
    const cut = aLeg([Buffer.from(btp.body()).subarray(0, -30)], { headers: btp.headers })
    for (const [leg, protocol] of [
      [cut, 'openai-chat'],
      [passedOn(btp, { status: 500 }), 'openai-chat'],
      [passedOn(btp), 'anthropic-messages'],
    ] as const) {
      expect(content(readPassedOn(leg, protocol, true, read))).toEqual(
        content(readAnswer(leg, protocol, true)),
      )
    }
    const refusal = lastOf(aCapture())
    refused(refusal, 429, { error: { message: 'slow down' } })
    const told = readAnswer(
      refusal.btp.view(0, () => 0),
      'openai-chat',
    )
    const ptc = passedOn(refusal.btp.view(0, () => 0))
    expect(content(readPassedOn(ptc, 'openai-chat', false, told))).toEqual(
      content(readAnswer(ptc, 'openai-chat')),
    )
  })

  test('is read again where all was let go of', () => {
    for (const protocol of protocolNames) {
      const reading = readAnswer(view(protocol, true), protocol, true)
      const before = content(reading)
      reading.rest()
      expect(content(reading), protocol).toEqual(before)
    }
  })
})

describe('a request that was passed on', () => {
  const long = 'A question that is long enough. '.repeat(100)
  const turns = {
    'openai-chat': { messages: [{ role: 'user', content: long }] },
    'openai-responses': { input: [{ type: 'message', role: 'user', content: long }] },
    'anthropic-messages': { max_tokens: 9, messages: [{ role: 'user', content: long }], stream_options: 1 },
    gemini: { contents: [{ role: 'user', parts: [{ text: long }] }] },
  }

  test.each(protocolNames)('says the same call with its own model (%s)', (protocol) => {
    const leg = (model: string, more: object = {}) =>
      aLeg([JSON.stringify({ model, ...turns[protocol], ...more })], {
        url: `/v1beta/models/${model}:generateContent`,
      })
    const chat = protocol === 'openai-chat' ? { stream_options: { include_usage: true } } : {}
    for (const more of [{}, chat, { temperature: 0.5 }]) {
      const asked = leg('asked')
      const sent = leg('sent', more)
      const both = requestsOf(asked, sent, protocol)
      expect(both.sent.call).toEqual(readRequest(sent, protocol).call)
      expect(both.sent.model).toBe(readRequest(sent, protocol).call?.model)
    }
  })

  test('of which nothing can be read has no call either', () => {
    const leg = aLeg([JSON.stringify({ messages: 7, padding: long })])
    expect(requestsOf(leg, leg, 'openai-chat').sent.call).toBeNull()
  })
})
