import { describe, expect, test } from 'vitest'
import { BodyChunks } from '../../../src/capture/view/body-chunks.ts'

const text = (body: BodyChunks) => Buffer.from(body.body()).toString()
const filled = (...pieces: string[]) => {
  const body = new BodyChunks()
  for (const [at, piece] of pieces.entries()) body.add(Buffer.from(piece), at, at)
  return body
}
const long = 'x'.repeat(5000)

describe('a body', () => {
  test('has its chunks, and their bytes in one piece', () => {
    const body = filled('one ', 'two ', long)
    body.close(null)
    expect(text(body)).toBe(`one two ${long}`)
    expect(body.chunks().map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['one ', 'two ', long])
  })

  test('of the same bytes as another takes no memory of its own, and goes on without changing the other', () => {
    const [first, second] = [filled('same ', long), filled(`same ${long}`)]
    first.close(null)
    second.close(first)
    expect(second.body().buffer).toBe(first.body().buffer)
    second.add(Buffer.from(' second'), 9, 9)
    first.add(Buffer.from(' first'), 9, 9)
    second.close(first)
    expect(text(first)).toBe(`same ${long} first`)
    expect(text(second)).toBe(`same ${long} second`)
  })

  test('that was looked at stays what it was for who did, whatever other bodies are made after it', () => {
    const body = filled('begun ')
    body.close(null)
    const seen = body.body()
    for (let piece = 0; piece < 100; piece++) body.add(Buffer.alloc(1000, 1), 1, 1)
    for (let others = 0; others < 50; others++) filled('other ', long, long, long)
    expect(Buffer.from(seen).toString()).toBe('begun ')
  })

  test('of parts goes on behind them', () => {
    const body = new BodyChunks()
    body.addParts([Buffer.from('shared '), Buffer.from('parts')], 0, 0)
    body.close(null)
    body.add(Buffer.from(' and more'), 1, 1)
    expect(text(body)).toBe('shared parts and more')
    expect(body.chunks()).toHaveLength(2)
  })

  test('gives what can be made again anew once it is settled', () => {
    const body = filled('one ', 'two')
    body.settle()
    expect(body.chunks()).not.toBe(body.chunks())
    expect(body.chunks()).toEqual(body.chunks())
    expect(text(body)).toBe('one two')
  })
})
