import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorKinds, ProxyError } from '../../src/core/errors.ts'
import { headerValue } from '../../src/core/http.ts'
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts'
import { protocolNames } from '../../src/core/protocol-name.ts'
import { protocolNamed, protocols } from '../../src/protocols/index.ts'
import { chunkSizes, cutBytes, decodePieces, utf8 } from '../support/chunking.ts'

test('every protocol name has its protocol', () => {
  expect(protocols.map((protocol) => protocol.name)).toEqual(protocolNames)
  for (const name of protocolNames) expect(protocolNamed(name).name).toBe(name)
})

/** Keys that the decoders look at, so that random values reach deep into them. */
const knownKeys = fc.constantFrom(
  ...[
    'type',
    'choices',
    'delta',
    'message',
    'content',
    'tool_calls',
    'function',
    'usage',
    'error',
    'candidates',
  ],
  ...[
    'parts',
    'functionCall',
    'partialArgs',
    'item',
    'response',
    'output',
    'content_block',
    'index',
    'metadata',
  ],
  ...[
    'messages',
    'input',
    'tools',
    'system',
    'contents',
    'promptFeedback',
    'usageMetadata',
    'reasoning_details',
  ],
  ...[
    'jsonPath',
    'name',
    'arguments',
    'text',
    'status',
    'detail',
    'details',
    'instructions',
    'x_groq',
    'stop_reason',
  ],
)
const knownValues = fc.constantFrom(
  ...[
    'message_start',
    'content_block_start',
    'content_block_delta',
    'message_delta',
    'message_stop',
    'tool_use',
  ],
  ...[
    'response.created',
    'response.output_item.added',
    'response.output_item.done',
    'response.completed',
    'error',
  ],
  ...[
    'response.failed',
    'function_call',
    'message',
    'reasoning',
    'text',
    '$.a[0].b',
    '__proto__',
    'assistant',
    '',
  ],
)
const wildJson: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    knownValues,
    fc.constantFrom(null, true, 0, -1, 1.5, 1e300),
    fc.string(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(knownKeys, fc.constant('__proto__')), tie('value'), { maxKeys: 6 }),
  ),
})).value as fc.Arbitrary<Json>

const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`

describe.each(protocols)('$name', (protocol) => {
  const place = { framing: 'sse', exchangeId: 'x_1', eventsPassed: 3, lastSequence: 7 } as const

  test('no body makes it throw', () => {
    fc.assert(
      fc.property(wildJson, (body) => {
        expect(Array.isArray(protocol.decodeAnswer(body))).toBe(true)
        protocol.decodeError(body)
        if (isObject(body)) expect(protocol.readRequest(body).conversation).toBeInstanceOf(Array)
      }),
      { numRuns: 300 },
    )
  })

  test('no stream makes it throw, and chunking changes no event of any stream', () => {
    const framing = protocol.name === 'gemini' ? fc.constantFrom('sse', 'json-array') : fc.constant('sse')
    fc.assert(
      fc.property(fc.array(wildJson, { maxLength: 6 }), framing, chunkSizes, (values, kind, sizes) => {
        const text =
          kind === 'sse'
            ? values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
            : `[${values.map((value) => JSON.stringify(value)).join(',\r\n')}]`
        const whole = protocol.streamDecoder(kind as 'sse')
        const cut = protocol.streamDecoder(kind as 'sse')
        const events = decodePieces(whole, [utf8(text)])
        expect(decodePieces(cut, cutBytes(utf8(text), sizes))).toEqual(events)
        expect([cut.terminal, cut.eventsSeen, cut.lastSequence]).toEqual([
          whole.terminal,
          whole.eventsSeen,
          whole.lastSequence,
        ])
      }),
      { numRuns: 200 },
    )
  })

  test('values nested too deeply to be written again are no fault of its', () => {
    const nested: Json = JSON.parse(deep)
    const chunks: JsonObject[] = [
      {
        choices: [
          { delta: { tool_calls: [{ function: { name: 'f', arguments: { nested } } }], odd: nested } },
        ],
      },
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', name: 'f', input: { nested } },
      },
      { type: 'content_block_stop', index: 0 },
      {
        candidates: [
          { content: { parts: [{ functionCall: { name: 'f', args: { nested } } }, { odd: nested }] } },
        ],
      },
      { type: 'response.output_item.done', item: { type: 'local_shell_call', action: { nested } } },
      { error: { odd: nested } },
    ]
    for (const chunk of chunks) {
      protocol.decodeAnswer(chunk)
      protocol.decodeError(chunk)
      const inner = Object.entries(chunk).map(([key, value]) => `${JSON.stringify(key)}:${written(value)}`)
      decodePieces(protocol.streamDecoder('sse'), [utf8(`data: {${inner.join(',')}}\n\n`)])
    }
    expect(protocol.decodeError({ detail: nested })).toBeDefined()
  })

  test('what cannot be read is unknown, and ends nothing', () => {
    const decoder = protocol.streamDecoder('sse')
    expect(decoder.push(utf8('data: {"half\n\n'))).toEqual([{ type: 'unknown', name: 'not_json' }])
    expect(decoder.push(utf8('data: {"type":"from.the.future","x":1}\n\n'))).toMatchObject([
      { type: 'unknown' },
    ])
    expect(decoder.terminal).toBe(false)
    expect(decoder.eventsSeen).toBe(2)
  })

  test('a comment is no event', () => {
    const decoder = protocol.streamDecoder('sse')
    expect(decoder.push(utf8(': keep-alive\n\n'))).toEqual([])
    expect(decoder.eventsSeen).toBe(0)
  })

  test.each(Object.keys(errorKinds) as (keyof typeof errorKinds)[])('%s reaches the client whole', (code) => {
    const error = new ProxyError(code, 'What happened; what to do.', { param: 'model', retryAfterMs: 1200 })
    const answer = protocol.encodeError(error, 'x_1')
    const body = Buffer.from(answer.body).toString()
    expect(answer.status).toBe(errorKinds[code].status)
    expect(body.toLowerCase()).toContain(`"${code}"`)
    expect(protocol.decodeError(JSON.parse(body))?.message).toBe('What happened; what to do.')
    expect(headerValue(answer.headers, 'content-type')).toBe('application/json')
    expect(headerValue(answer.headers, 'retry-after')).toBe('2')
    const idHeader = protocol.family === 'anthropic' ? 'request-id' : 'x-request-id'
    expect(headerValue(answer.headers, idHeader)).toBe('x_1')
  })

  test('an error says when and whether to retry only if it knows', () => {
    const silent = protocol.encodeError(new ProxyError('connect_failed', 'x'), 'x_1')
    expect(silent.headers.map(([name]) => name)).not.toContain('retry-after')
    expect(silent.headers.map(([name]) => name)).not.toContain('x-should-retry')
    const final = protocol.encodeError(new ProxyError('unknown_model', 'x'), 'x_1')
    expect(headerValue(final.headers, 'x-should-retry')).toBe('false')
  })

  test('an error in a stream is one whole block, terminal, with the message', () => {
    const decoder = protocol.streamDecoder('sse')
    const text = protocol.encodeStreamError(
      new ProxyError('backend_truncated', 'Two\nlines "quoted".'),
      place,
    )
    const events = decoder.push(utf8(text))
    expect(events).toMatchObject([{ type: 'error', message: 'Two\nlines "quoted".' }])
    expect([decoder.terminal, decoder.betweenBlocks, decoder.eventsSeen]).toEqual([true, true, 1])
  })
})

/** JSON of what `JSON.stringify` refuses to write, for it nests 50,000 deep. */
function written(value: Json | undefined): string {
  if (Array.isArray(value))
    return value[0] !== undefined && isNest(value) ? deep : `[${value.map(written).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${written(inner)}`)}}`
}

function isNest(value: Json[]): boolean {
  return Array.isArray(value[0])
}
