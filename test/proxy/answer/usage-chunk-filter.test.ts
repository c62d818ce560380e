import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageChunkFilter } from '../../../src/proxy/answer/usage-chunk-filter.ts'
import { chunkSizes, cutBytes } from '../../support/chunking.ts'

/** What a client gets of a stream that comes in these pieces. */
function filtered(pieces: Iterable<Uint8Array>): string {
  const filter = new UsageChunkFilter()
  const passed = [...pieces].map((piece) => filter.push(Buffer.from(piece)))
  return Buffer.concat([...passed, filter.end()]).toString()
}
const filteredText = (text: string) => filtered([Buffer.from(text)])

const usage = '{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}'
const usageLines = [
  `data: {"id":"x","choices":[],"usage":${usage}}`,
  `data:{"choices" : [ ] , "usage":${usage} }`,
  `event: message\ndata: {"usage":${usage},"choices":[]}`,
  `id: 7\ndata: {"choices":[],\ndata: "usage":${usage}}`,
]
const otherLines = [
  'data: {"choices":[{"index":0,"delta":{"content":"ü 💥 \\n\\n"}}],"usage":null}',
  `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":${usage}}`,
  'data: {"choices":[],"prompt_filter_results":[]}',
  'data: {"choices":[],"usage":null}',
  'data: {"choices":[{"delta":{"content":"\\"usage\\""}}]}',
  'data: not JSON but "usage"',
  ': "usage" comment',
  'data: [DONE]',
]

const block = fc.oneof(
  fc.record({ lines: fc.constantFrom(...usageLines), hidden: fc.constant(true) }),
  fc.record({ lines: fc.constantFrom(...otherLines), hidden: fc.constant(false) }),
)

describe('the usage chunk', () => {
  it.each(['\n', '\r\n', '\r'])(
    'is all that a client does not get, in any chunking, with line end %j',
    (eol) => {
      fc.assert(
        fc.property(fc.array(block, { maxLength: 8 }), chunkSizes, (blocks, sizes) => {
          const written = blocks.map(({ lines, hidden }) => ({
            text: `${lines}\n\n`.replaceAll('\n', eol),
            hidden,
          }))
          const stream = Buffer.from(written.map(({ text }) => text).join(''))
          const wanted = written.filter(({ hidden }) => !hidden).map(({ text }) => text)
          expect(filtered(cutBytes(stream, sizes))).toBe(wanted.join(''))
        }),
        { numRuns: 150 },
      )
    },
  )

  it('goes where lines end in different ways', () => {
    const text = `data: [1]\r\n\ndata: {"choices":[],"usage":${usage}}\n\r\ndata: [DONE]\n\n`
    expect(filteredText(text)).toBe('data: [1]\r\n\ndata: [DONE]\n\n')
  })
})

describe('what is not a whole block', () => {
  it('comes out at the end, where a stream is cut in it', () => {
    const tail = 'data: {"choices":[],"usage":{"prompt_to'
    expect(filteredText(`data: [1]\n\n${tail}`)).toBe(`data: [1]\n\n${tail}`)
  })

  it('is held until the block is complete', () => {
    const filter = new UsageChunkFilter()
    expect(filter.push(Buffer.from('data: 1\n\ndata: ')).toString()).toBe('data: 1\n\n')
    expect(filter.idle).toBe(false)
    expect(filter.push(Buffer.from('2\n\n')).toString()).toBe('data: 2\n\n')
    expect(filter.idle).toBe(true)
    expect(filter.end()).toHaveLength(0)
  })

  it('passes after a megabyte, which is no event stream', () => {
    const filter = new UsageChunkFilter()
    const mega = Buffer.alloc(1 << 20, 'x')
    expect(filter.push(mega)).toHaveLength(0)
    expect(filter.push(Buffer.from('y')).toString()).toBe(`${mega}y`)
    expect(filter.idle).toBe(true)
  })

  it('costs linear time when it comes in small pieces', () => {
    const filter = new UsageChunkFilter()
    const piece = Buffer.alloc(64, 'x')
    const startedMs = performance.now()
    let passed = 0
    for (let i = 0; i < 16_000; i++) passed += filter.push(piece).length
    expect(passed + filter.end().length).toBe(16_000 * 64)
    expect(performance.now() - startedMs).toBeLessThan(1_000)
  })
})
