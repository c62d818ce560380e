import { describe, expect, it } from 'vitest'
import { mergedUsage } from '../../src/protocols/anthropic-messages/usage.ts'
import { Choices } from '../../src/protocols/choices.ts'
import { PartialArgs } from '../../src/protocols/gemini/partial-args.ts'
import { protocolNamed } from '../../src/protocols/index.ts'
import { ToolCalls } from '../../src/protocols/tool-calls.ts'

describe('of a stream that never ends and always brings something new, only so much is kept', () => {
  it('of the choices', () => {
    const choices = new Choices()
    for (let index = 0; index < 5000; index++) choices.see(index, undefined)
    for (let index = 0; index < 4096; index++) choices.see(index, 'stop')
    expect(choices.allFinished).toBe(true)
  })

  it('of the tool calls, which are all counted', () => {
    const calls = new ToolCalls()
    for (let key = 0; key < 5000; key++) calls.open(key)
    expect(calls.count).toBe(5000)
    expect(calls.get(4095)?.index).toBe(4095)
    expect(calls.get(4096)).toBeUndefined()
  })

  it('of the usage: what is read of it', () => {
    const known = mergedUsage({}, { input_tokens: 1, cache_creation: { x: 1 }, anything_else: 'x' })
    expect(mergedUsage(known, { output_tokens: 2, input_tokens: null, more: 1 })).toEqual({
      input_tokens: 1,
      cache_creation: { x: 1 },
      output_tokens: 2,
    })
  })

  it('of the arguments that come in pieces', () => {
    const args = new PartialArgs()
    const stringValue = 'x'.repeat(1 << 20)
    const placed = Array.from({ length: 20 }, (_, i) => args.add({ jsonPath: `$.a${i}`, stringValue }))
    expect(placed).toEqual([...Array(15).fill(true), ...Array(5).fill(false)])
    expect(args.json.length).toBeLessThan(16 << 20)
  })

  it('of the blocks that are opened and never closed', () => {
    const decoder = protocolNamed('anthropic-messages').streamDecoder('sse')
    const send = (event: object) => decoder.push(Buffer.from(`data: ${JSON.stringify(event)}\n\n`))
    const numbers = Array.from({ length: 300 }, (_, index) => index)
    for (const index of numbers) {
      const content_block = { type: 'tool_use', id: `t${index}`, name: 'n', input: { index: index + 1 } }
      expect(send({ type: 'content_block_start', index, content_block })).toHaveLength(1)
    }
    const closed = numbers.flatMap((index) => send({ type: 'content_block_stop', index }))
    expect(closed.filter((event) => event.type === 'tool_call')).toHaveLength(256)
  })
})
