import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CleanBody, LegStream } from '../../../../src/capture/writer/thread/leg-stream.ts'
import { createSecrets } from '../../../../src/core/secrets/secrets.ts'
import { cutBytes } from '../../../support/chunking.ts'

const key = 'own_Zk9.51zz/QQtop+hidden=value'

function aLeg() {
  const secrets = createSecrets()
  secrets.add(key, 'provider-key')
  const given: CleanBody[] = []
  const leg = new LegStream(
    () => secrets.redactor(),
    // What is given is only valid while it is handed over.
    (body) => given.push({ ...body, bytes: Uint8Array.from(body.bytes) }),
  )
  return { secrets, leg, given }
}

/** The chunks that were given, put together. */
function chunksOf(given: readonly CleanBody[]) {
  const chunks = new Map<number, { bytes: Buffer; omitted: number; pieces: boolean[] }>()
  for (const { n, bytes, omitted, more } of given) {
    const known = chunks.get(n) ?? { bytes: Buffer.alloc(0), omitted: 0, pieces: [] }
    chunks.set(n, {
      bytes: Buffer.concat([known.bytes, bytes]),
      omitted: known.omitted + omitted,
      pieces: [...known.pieces, more],
    })
  }
  return chunks
}

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(key, encodeURIComponent(key), ' ', '\n\n', '"', 'data: '),
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 10 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.from(parts.join('')))
const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 10 })

describe('a leg', () => {
  it('gives every byte once, redacted as the whole would be, in the chunks that came', () => {
    fc.assert(
      fc.property(text, sizes, fc.array(fc.boolean(), { minLength: 1 }), (bytes, lengths, settles) => {
        const { secrets, leg, given } = aLeg()
        const pieces = cutBytes(bytes, lengths)
        for (const [n, piece] of pieces.entries()) {
          const lent = Uint8Array.from(piece)
          leg.push(n, n, lent)
          if (settles[n % settles.length]) leg.settle()
          // It is given or copied when its batch is over.
          if (settles[n % settles.length]) lent.fill(0)
        }
        leg.end()
        const chunks = chunksOf(given)
        expect([...chunks.keys()]).toEqual(pieces.map((_, n) => n))
        expect([...chunks.values()].map((chunk) => chunk.bytes.length)).toEqual(
          pieces.map(({ length }) => length),
        )
        for (const { pieces: more, omitted } of chunks.values()) {
          expect(more).toEqual(more.map((_, i) => i > 0))
          expect(omitted).toBe(0)
        }
        const redactor = secrets.redactor()
        const whole = Buffer.concat([...redactor.push(bytes), ...redactor.end()])
        expect(Buffer.concat([...chunks.values()].map((chunk) => chunk.bytes)).equals(whole)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('holds back little more than 16 KiB of what came, and of a text only its last word', () => {
    const { leg, given } = aLeg()
    const held = () => sent - given.reduce((sum, { bytes }) => sum + bytes.length, 0)
    let sent = 0
    const send = (chunk: string) => {
      leg.push(sentChunks++, 0, Buffer.from(chunk))
      sent += chunk.length
      leg.settle()
    }
    let sentChunks = 0
    send('data: some words and a hal')
    expect(held()).toBe(3)
    send('f\n\n')
    expect(held()).toBe(0)
    for (let i = 0; i < 40; i++) {
      send('x'.repeat(5_000))
      expect(held()).toBeLessThan(17 * 1024)
    }
    expect(held()).toBeGreaterThan(10_000)
  })

  it('leaves out what was in doubt before chunks that are lost, and the first word behind them', () => {
    const { leg, given } = aLeg()
    leg.push(0, 0, Buffer.from(`before ${key.slice(0, 10)}`))
    leg.push(3, 3, Buffer.from(`${key.slice(20)}`))
    leg.push(4, 4, Buffer.from(' after'))
    leg.end()
    const chunks = [...chunksOf(given)].map(([n, { bytes, omitted }]) => [n, bytes.toString(), omitted])
    expect(chunks).toEqual([
      [0, 'before ', 10],
      [3, '', key.length - 20],
      [4, ' after', 0],
    ])
  })

  it('leaves out what was in doubt when the rest is not seen', () => {
    const { leg, given } = aLeg()
    leg.push(0, 0, Buffer.from('seen unse'))
    leg.cut()
    expect(given.map(({ bytes, omitted }) => [Buffer.from(bytes).toString(), omitted])).toEqual([
      ['seen ', 4],
    ])
  })
})
