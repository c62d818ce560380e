import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBlob, piecesOf } from '../../../src/capture/dedup/pieces.ts'
import { agentSession } from './agent-session.ts'
import { growingHistories } from './growing-histories.ts'
import { prose, randomFrom } from './prose.ts'
import { StoredBodies } from './stored-bodies.ts'

const text = (characters: number, seed = 1) => prose(characters, randomFrom(seed))

describe('piecesOf', () => {
  it('gives back every JSON text byte for byte, however often parts of it were stored before', () => {
    const stored = new StoredBodies()
    const long = text(20_000)
    const leaf = fc.oneof(
      fc.string({ maxLength: 50, unit: 'grapheme' }),
      fc.tuple(fc.nat(11_000), fc.nat(9_000)).map(([from, length]) => long.slice(from, from + length)),
      fc.constantFrom('"', '\\', ',[', ']}', '\\"', null, true, 1.5e300),
    )
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 10, depthSize: 'large' },
        leaf,
        fc.array(tie('json'), { maxLength: 6 }),
        fc.dictionary(fc.string({ maxLength: 12 }), tie('json'), { maxKeys: 6 }),
      ),
    }))
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const body = Buffer.from(JSON.stringify([value, value], null, indent))
        expect(stored.roundTrip(body).equals(body)).toBe(true)
      }),
      { numRuns: 60 },
    )
    expect(stored.blobs).toBeGreaterThan(20)
  })

  it('gives back any bytes, also such as only begin like JSON', () => {
    const stored = new StoredBodies()
    const brackets = fc
      .array(fc.constantFrom('[', '{', '}', ']', ',', '"', '\\', 'x'.repeat(5_000), 'é', '\n'), {
        maxLength: 60,
      })
      .map((parts) => Buffer.from(parts.join('')))
    const bytes = fc.uint8Array({ maxLength: 20_000 })
    fc.assert(
      fc.property(fc.oneof(brackets, bytes), fc.constantFrom('', '[', ' {"a":[', '"'), (some, before) => {
        const body = Buffer.concat([Buffer.from(before), some])
        expect(stored.roundTrip(body).equals(body)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('stores a long agent session 30 times smaller, and what the backend got for nearly nothing', () => {
    const stored = new StoredBodies()
    let raw = 0
    let forPtb = 0
    for (const { ctp, ptb } of agentSession({ turns: 60, systemCharacters: 30_000, turnCharacters: 2_000 })) {
      raw += ctp.length + ptb.length
      expect(stored.roundTrip(ctp).equals(ctp)).toBe(true)
      const before = stored.storedBytes
      const blobsBefore = stored.blobs
      expect(stored.roundTrip(ptb).equals(ptb)).toBe(true)
      expect(stored.blobs).toBe(blobsBefore)
      forPtb += stored.storedBytes - before
    }
    expect(raw / stored.storedBytes).toBeGreaterThan(30)
    expect(forPtb).toBeLessThan(stored.storedBytes / 3)
  })

  it.each(Object.entries(growingHistories))(
    'stores what was said before only once: %s',
    (_protocol, requestOf) => {
      const stored = new StoredBodies()
      const turns = 24
      const said: string[] = []
      for (let turn = 0; turn < turns; turn++) {
        said.push(text(6_000, 100 + turn))
        const body = Buffer.from(JSON.stringify(requestOf(text(20_000, 7), said)))
        const before = stored.storedBytes
        expect(stored.roundTrip(body).equals(body)).toBe(true)
        // A turn's own 6,000 characters deflate to 2,200; of those before it there are only names.
        if (turn > 0) expect(stored.storedBytes - before).toBeLessThan(2_600 + 120 * turn)
      }
    },
  )

  it('stores a large text once, whatever small stands before it', () => {
    const long = text(20_000)
    const stored = new StoredBodies()
    const sizes = ['a', 'somewhat longer', 'c'.repeat(300)].map((small) => {
      const body = Buffer.from(JSON.stringify([{ small, long, end: 1 }]))
      const before = stored.storedBytes
      expect(stored.roundTrip(body).equals(body)).toBe(true)
      return stored.storedBytes - before
    })
    expect(Math.max(...sizes.slice(1))).toBeLessThan(600)
  })

  it('stores a large tool result once though a marker beside it comes and goes', () => {
    const result = text(50_000)
    const request = (marked: boolean) => ({
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'text', text: result }],
              ...(marked && { cache_control: { type: 'ephemeral' } }),
            },
          ],
        },
      ],
    })
    const stored = new StoredBodies()
    stored.roundTrip(Buffer.from(JSON.stringify(request(true))))
    const before = stored.storedBytes
    stored.roundTrip(Buffer.from(JSON.stringify(request(false))))
    expect(stored.storedBytes - before).toBeLessThan(500)
  })

  it('makes no blob of small bodies, and one of larger bytes that are no JSON', () => {
    expect(piecesOf(Buffer.from(`{"a":"${'b'.repeat(200)}"}`)).some(isBlob)).toBe(false)
    expect(piecesOf(Buffer.from(`data: ${'b'.repeat(400)}`)).some(isBlob)).toBe(false)
    expect(piecesOf(Buffer.from(`data: ${'b'.repeat(600)}`)).map(isBlob)).toEqual([true])
    expect(piecesOf(Buffer.alloc(0))).toEqual([])
  })

  it('keeps every blob within what a frame holds', () => {
    const stored = new StoredBodies()
    const body = Buffer.from(JSON.stringify({ image: 'AB'.repeat(5 << 20) }))
    const pieces = piecesOf(body)
    expect(pieces.filter(isBlob).length).toBeGreaterThan(2)
    for (const piece of pieces) expect(isBlob(piece) ? piece.len : piece.length).toBeLessThanOrEqual(4 << 20)
    expect(stored.roundTrip(body).equals(body)).toBe(true)
  })
})
