import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAnswer } from '../../../src/capture/view/read-answer.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { aCapture, lastOf, readingOf } from '../../support/a-capture.ts'
import { aLeg } from '../../support/capture/a-leg.ts'
import { chunkSizes, cutBytes } from '../../support/chunking.ts'

const delta = (content: string) => `{"choices":[{"index":0,"delta":{"content":"${content}"}}]}`
const stop = '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'

function textOf(chunks: (string | Uint8Array)[], protocol: string | null = 'openai-chat') {
  const parts = readAnswer(aLeg(chunks), protocol).answer?.choices[0]?.parts ?? []
  return parts.map((part) => ('text' in part ? part.text : part.type)).join('|')
}

describe('server-sent events', () => {
  test.each([
    ['line feeds', `data: ${delta('Hi')}\n\ndata: ${stop}\n\n`],
    ['carriage returns and line feeds', `data: ${delta('Hi')}\r\n\r\ndata: ${stop}\r\n\r\n`],
    ['carriage returns', `data: ${delta('Hi')}\r\rdata: ${stop}\r\r`],
    ['no space behind the colon', `data:${delta('Hi')}\n\ndata:${stop}\n\n`],
    ['a byte order mark', `\ufeffdata: ${delta('Hi')}\n\ndata: ${stop}\n\n`],
    [
      'comments, blank lines and fields that mean nothing',
      `\n\n: hello\n\nid: 1\nretry: 5\ndata: ${delta('Hi')}\n\n\n\n: x\ndata: ${stop}\n\n`,
    ],
    [
      'JSON over several data lines',
      `data: {"choices":[{"index":0,\ndata: "delta":{"content":"Hi"}}]}\n\ndata: ${stop}\n\n`,
    ],
  ])('are read with %s', (_name, text) => {
    expect(textOf([text])).toBe('Hi')
    expect(readAnswer(aLeg([text]), 'openai-chat')).toMatchObject({
      isStream: true,
      isTerminated: true,
      isUtf8: true,
    })
  })

  test('keep what dispatches nothing: comments, names without data', () => {
    const { raw } = readAnswer(aLeg([': ping\n\nevent: x\n\nevent: y\ndata: 1\n\n']), null)
    expect(raw.map(({ name, data, isComment, json }) => ({ name, data, isComment, json }))).toEqual([
      { name: null, data: '', isComment: true, json: undefined },
      { name: 'x', data: '', isComment: false, json: undefined },
      { name: 'y', data: '1', isComment: false, json: 1 },
    ])
  })

  test('stand where their first byte stands, in the entry and at the time of its chunk', () => {
    const first = `data: ${delta('a')}\n\n`
    const second = `data: ${delta('b')}\n\n`
    const reading = readAnswer(
      aLeg([first.slice(0, 9), `${first.slice(9)}da`, second.slice(2)]),
      'openai-chat',
    )
    const spots = [
      { offset: 0, entry: 1, atNs: 1e9 },
      { offset: first.length, entry: 2, atNs: 2e9 },
    ]
    expect(reading.raw).toMatchObject(spots)
    const texts = reading.events.filter(({ event }) => event.type === 'text')
    expect(texts).toMatchObject(spots)
  })

  test('in any chunks say the same', () => {
    const { btp } = lastOf(aCapture({ protocol: 'anthropic-messages', stream: true }))
    const whole = readAnswer(aLeg([btp.body]), 'anthropic-messages')
    fc.assert(
      fc.property(chunkSizes, (sizes) => {
        const chunks = cutBytes(btp.body, sizes)
        const reading = readAnswer(aLeg(chunks), 'anthropic-messages')
        expect(reading.answer).toEqual(whole.answer)
        const starts = chunks.map((_, i) => chunks.slice(0, i).reduce((sum, { length }) => sum + length, 0))
        for (const [i, event] of reading.raw.entries()) {
          const chunk = starts.findLastIndex((start) => start <= event.offset)
          expect(event).toMatchObject({
            data: whole.raw[i]?.data,
            offset: whole.raw[i]?.offset,
            entry: chunk + 1,
          })
        }
      }),
      { numRuns: 50 },
    )
  })

  test('that the end cut are not whole; those before are', () => {
    const { raw } = readAnswer(aLeg([`data: ${delta('a')}\n\ndata: {"cho`]), 'openai-chat')
    expect(raw.map(({ isWhole }) => isWhole)).toEqual([true, false])
  })
})

describe("Gemini's array", () => {
  const element = (text: string, more = '') =>
    `{"candidates":[{"content":{"parts":[{"text":"${text}"}]}${more}}]}`
  const whole = [`[${element('a, ]}\\" é')}`, `,\r\n${element('b', ',"finishReason":"STOP"')}`, '\n]']

  test('is a stream of its elements', () => {
    const reading = readAnswer(aLeg(whole), 'gemini')
    expect(reading).toMatchObject({ isStream: true, isTerminated: true })
    expect(reading.raw).toMatchObject([
      { offset: 1, entry: 1 },
      { offset: whole[0]!.length + 1 + 3, entry: 2 },
    ])
    expect(textOf(whole, 'gemini')).toBe('a, ]}" éb')
  })

  test('that does not close is not at its end, and says so of a cut element', () => {
    expect(readAnswer(aLeg(whole.slice(0, 2)), 'gemini').isTerminated).toBe(false)
    const cut = readAnswer(aLeg([whole[0]!, ',{"candidates":[{']), 'gemini')
    expect(cut.raw.map(({ isWhole }) => isWhole)).toEqual([true, false])
  })
})

describe('an error', () => {
  test('is read from the body of a refusal, at its first byte', () => {
    const leg = aLeg(['{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}'], {
      status: 429,
    })
    expect(readAnswer(leg, 'openai-chat')).toMatchObject({
      isTerminated: true,
      answer: null,
      error: {
        message: 'slow down',
        type: 'requests',
        code: 'rate_limit_exceeded',
        status: 429,
        at: { entry: 1 },
      },
    })
  })

  test('is its text where it is no JSON, and its status where there is none', () => {
    expect(readAnswer(aLeg(['<h1>Bad gateway</h1>'], { status: 502 }), 'gemini').error).toMatchObject({
      message: '<h1>Bad gateway</h1>',
      type: null,
      status: 502,
    })
    expect(readAnswer(aLeg([], { status: 503, headEntry: 7 }), 'gemini').error).toMatchObject({
      message: '',
      status: 503,
      at: { entry: 7 },
    })
  })

  test.each([
    ['a string', 'data: {"error":"boom"}\n\n', 'boom'],
    ['an object', 'data: {"error":{"message":"bang","code":500}}\n\n', 'bang'],
  ])('in a stream is found as %s, though its chunks cut it', (_name, text, message) => {
    const before = `data: ${delta('a')}\n\n`
    const reading = readAnswer(aLeg([before, text.slice(0, 12), text.slice(12)]), 'openai-chat')
    expect(reading.error).toMatchObject({ message, at: { offset: before.length, entry: 2 } })
    expect(reading.answer).toBeNull()
  })

  test('in a whole answer with status 200 is one too', () => {
    const leg = aLeg(['{"type":"error","error":{"type":"overloaded_error","message":"later"}}'])
    expect(readAnswer(leg, 'anthropic-messages').error).toMatchObject({
      type: 'overloaded_error',
      status: 529,
    })
  })
})

describe('whether it is a stream', () => {
  const typed = (type: string) => ({ headers: [['content-type', type]] as const })

  test('is what the body looks like, then the type, then what was asked for', () => {
    expect(readAnswer(aLeg(['data: 1\n\n'], typed('text/plain')), 'openai-chat').isStream).toBe(true)
    expect(readAnswer(aLeg(['{"a":1}'], typed('text/event-stream')), 'openai-chat').isStream).toBe(false)
    expect(readAnswer(aLeg(['"x":1}\n\n'], typed('text/event-stream')), 'openai-chat').isStream).toBe(true)
    expect(readAnswer(aLeg(['[1]']), 'openai-chat').isStream).toBe(false)
    expect(readAnswer(aLeg([]), 'openai-chat', true).isStream).toBe(true)
    expect(readAnswer(aLeg([]), 'openai-chat').isStream).toBe(false)
  })
})

describe('UTF-8', () => {
  const euro = Buffer.from('data: "€"\n\n')

  test('may be cut between chunks, and by the end', () => {
    expect(readAnswer(aLeg([euro.subarray(0, 8), euro.subarray(8)]), null).isUtf8).toBe(true)
    expect(readAnswer(aLeg([euro.subarray(0, 8)]), null).isUtf8).toBe(true)
  })

  test('is not valid where a byte of a character is missing in the middle', () => {
    expect(readAnswer(aLeg([euro.subarray(0, 8), euro.subarray(9)]), null).isUtf8).toBe(false)
    expect(readAnswer(aLeg([Buffer.from([0x80])]), null).isUtf8).toBe(false)
  })
})

test('the protocol is known by its answers, where the file does not say', () => {
  for (const protocol of protocolNames) {
    for (const stream of [true, false]) {
      const x = lastOf(aCapture({ protocol, stream }))
      const told = readingOf(x, x.btp)
      expect(
        readAnswer(
          x.btp.view(0, () => 0),
          null,
        ).answer,
        protocol,
      ).toEqual(told.answer)
      expect(told.answer?.choices[0]?.parts, protocol).toMatchObject([{ type: 'text', text: 'Hello there.' }])
    }
  }
})

test('whatever the bytes are, nothing throws', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .string({
        unit: fc.constantFrom('data:', ' ', '\n', '\r', '{', '}', '[', ']', '"', '\\', ',', 'null', ':', '1'),
      })
      .map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(`data: ${text}\n\n`)),
  )
  fc.assert(
    fc.property(
      noise,
      fc.constantFrom(...protocolNames, null, 'other'),
      fc.constantFrom(200, 400, null),
      (bytes, protocol, status) => {
        const reading = readAnswer(aLeg([bytes.subarray(0, 3), bytes.subarray(3)], { status }), protocol)
        const { raw, events, json, text, isUtf8, answer, isTerminated, error } = reading
        for (const { offset } of [...raw, ...events]) expect(offset).toBeLessThanOrEqual(bytes.length)
        expect([
          json,
          text,
          isUtf8,
          answer,
          isTerminated,
          error,
          raw.map((event) => event.json),
        ]).toBeDefined()
      },
    ),
    { numRuns: 1000 },
  )
})
