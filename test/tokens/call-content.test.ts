import { describe, expect, it } from 'vitest'
import type { UserPart } from '../../src/core/call.ts'
import { callContent } from '../../src/tokens/call-content.ts'
import { bareCall } from './bare-call.ts'

const ofUser = (...parts: UserPart[]) => callContent(bareCall({ messages: [{ role: 'user', parts }] }))
/** One message (3) and the beginning of the answer (3). */
const frames = 6

describe('callContent', () => {
  it('lists system prompt, messages, tool calls and their results', () => {
    const call = bareCall({
      messages: [
        { role: 'system', parts: [{ type: 'text', text: 'You are terse.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'What is in notes.txt?' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'I must read it.' },
            { type: 'text', text: 'Reading it.' },
            { type: 'tool_call', id: 'call_1', name: 'read_file', arguments: '{"path":"notes.txt"}' },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              type: 'tool_result',
              callId: 'call_1',
              content: [{ type: 'text', text: 'buy milk' }],
              isError: false,
            },
          ],
        },
        { role: 'assistant', parts: [{ type: 'refusal', text: 'I will not say more.' }] },
      ],
    })
    expect(callContent(call)).toEqual({
      texts: [
        'You are terse.',
        'What is in notes.txt?',
        'I must read it.',
        'Reading it.',
        'read_file',
        '{"path":"notes.txt"}',
        'buy milk',
        'I will not say more.',
      ],
      // OpenAI's rule: 3 for each of five messages, 3 for the answer's beginning.
      fixedTokens: 18,
      estimatedParts: 0,
    })
  })

  it('lists tools as the JSON of what the model is told of them, and the schema of the answer', () => {
    const call = bareCall({
      tools: [
        {
          type: 'function',
          name: 'read_file',
          description: 'Reads a file.',
          parameters: { type: 'object', properties: { path: { type: 'string' } } },
          strict: true,
          cache: { ttl: '5m' },
        },
        { type: 'custom', name: 'patch', description: null, format: { type: 'text' } },
        {
          type: 'server',
          kind: 'web_search',
          name: 'web_search',
          raw: { type: 'web_search_20250305', max_uses: 3 },
        },
      ],
      output: {
        type: 'json_schema',
        name: 'person',
        description: null,
        schema: { type: 'object', required: ['name'] },
        strict: null,
      },
    })
    expect(callContent(call).texts).toEqual([
      '{"name":"read_file","description":"Reads a file.","parameters":{"type":"object","properties":{"path":{"type":"string"}}}}',
      '{"name":"patch","description":null,"format":{"type":"text"}}',
      '{"type":"web_search_20250305","max_uses":3}',
      '{"type":"object","required":["name"]}',
    ])
  })

  const png = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' } as const
  // 120,000 bytes of MP3 at 128 kbit/s are 7.5 seconds, 480,000 of PCM at 24 kHz and 16 bits are 10.
  const mp3 = { kind: 'base64', mediaType: 'audio/mpeg', data: 'A'.repeat(160_000) } as const
  const wav = { kind: 'base64', mediaType: 'audio/wav', data: 'A'.repeat(640_000) } as const

  it.each<[string, UserPart, number]>([
    ['an image', { type: 'image', source: png }, 1032],
    ['an image of which little detail is wanted', { type: 'image', source: png, detail: 'low' }, 85],
    [
      'an image by URL',
      { type: 'image', source: { kind: 'url', url: 'https://e.example/a.png', mediaType: null } },
      1032,
    ],
    [
      'a document',
      { type: 'document', source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' } },
      1500,
    ],
    ['compressed sound, 32 a second', { type: 'audio', source: mp3 }, 240],
    ['uncompressed sound, 32 a second', { type: 'audio', source: wav }, 320],
    ['sound that is elsewhere', { type: 'audio', source: { kind: 'file', id: 'file-1' } }, 0],
    ['video', { type: 'video', source: { kind: 'file', id: 'file-2' } }, 0],
    [
      'what only one protocol has',
      { type: 'special', loss: 'other_content', param: 'messages', raw: { a: 1 } },
      0,
    ],
    [
      'an image in a tool result',
      { type: 'tool_result', callId: 'c', content: [{ type: 'image', source: png }], isError: false },
      1032,
    ],
  ])('estimates %s, and says that it is an estimate', (_, part, tokens) => {
    expect(ofUser(part)).toEqual({ texts: [], fixedTokens: frames + tokens, estimatedParts: 1 })
  })

  it('estimates what the model made in earlier turns', () => {
    const message = {
      role: 'assistant' as const,
      parts: [
        { type: 'media' as const, mediaType: 'image/png', data: 'iVBORw0KGgo=' },
        { type: 'media' as const, mediaType: 'audio/wav', data: wav.data },
        { type: 'media' as const, mediaType: 'application/zip', data: 'UEsDBA==' },
      ],
    }
    expect(callContent(bareCall({ messages: [message] }))).toEqual({
      texts: [],
      fixedTokens: frames + 1032 + 320,
      estimatedParts: 3,
    })
  })

  it('takes a document of plain text for text', () => {
    expect(ofUser({ type: 'document', source: { kind: 'text', text: 'Chapter 1' } })).toEqual({
      texts: ['Chapter 1'],
      fixedTokens: frames,
      estimatedParts: 0,
    })
  })

  it('leaves out empty texts', () => {
    expect(ofUser({ type: 'text', text: '' }).texts).toEqual([])
  })
})
