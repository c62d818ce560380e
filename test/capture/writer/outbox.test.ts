import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LegNumber } from '../../../src/capture/format/records.ts'
import {
  type Batch,
  type EntryOfBatch,
  readBatch,
  type ThreadNote,
} from '../../../src/capture/writer/batches.ts'
import { createGauge } from '../../../src/capture/writer/gauge.ts'
import { Outbox } from '../../../src/capture/writer/outbox.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function anOutbox(maxWaitingBytes = 1e9) {
  const clock = new FakeClock()
  const gauge = createGauge()
  const sizes: number[] = []
  const batches: Batch[] = []
  const outbox = new Outbox({
    ...{ clock, gauge, maxWaitingBytes },
    post(batch) {
      sizes.push(batch.byteLength)
      batches.push(readBatch(batch))
    },
  })
  return { clock, gauge, sizes, batches, outbox }
}

const aBody = (bytes: Uint8Array, n = 0) => ({ exchange: 7, l: 1 as LegNumber, a: 0, n, t: 1, bytes })

describe('the outbox', () => {
  it('hands over what it was given, in order, whatever it is', () => {
    const body = fc.record({
      exchange: fc.integer({ min: 0, max: 0xffff_ffff }),
      l: fc.constantFrom<LegNumber>(0, 1, 2, 3),
      a: fc.integer({ min: 0, max: 0xffff }),
      n: fc.integer({ min: 0, max: 0xffff_ffff }),
      t: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 60_000, max: 140_000 }).map((length) => new Uint8Array(length).fill(length)),
      ),
    })
    const note = fc.record({
      exchange: fc.integer({ min: 0, max: 0xffff_ffff }),
      note: fc
        .oneof(
          fc.string({ unit: 'grapheme' }),
          fc.integer({ min: 10_000, max: 30_000 }).map((length) => 'é'.repeat(length)),
        )
        .map((value): ThreadNote => ({ k: 'secret', value, kind: 'header' })),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(body, note), { maxLength: 40 }), (entries) => {
        const { batches, sizes, gauge, outbox } = anOutbox()
        for (const entry of entries) {
          if ('note' in entry) expect(outbox.note(entry.exchange, entry.note)).toBe(true)
          else {
            // Lent: overwritten as soon as it was given.
            const lent = Uint8Array.from(entry.bytes)
            expect(outbox.body({ ...entry, bytes: lent })).toBe(true)
            lent.fill(0xff)
          }
        }
        outbox.flush()
        const plain = (entry: EntryOfBatch) =>
          'bytes' in entry ? { ...entry, bytes: hash('sha256', entry.bytes) } : entry
        expect(batches.flatMap((batch) => batch.entries.map(plain))).toEqual(entries.map(plain))
        expect(gauge.waitingBytes()).toBe(sizes.reduce((sum, size) => sum + size, 0))
        expect(gauge.waitingEntries()).toBe(entries.length)
      }),
      { numRuns: 60 },
    )
  })

  it('waits 10 ms for more, and tells both clocks', () => {
    const { clock, batches, outbox } = anOutbox()
    outbox.body(aBody(Buffer.from('one')))
    clock.advance(9)
    outbox.body(aBody(Buffer.from('two')))
    expect(batches).toEqual([])
    clock.advance(1)
    expect(batches).toMatchObject([
      { monotonicNs: clock.monotonicNs(), wallMs: clock.nowMs(), entries: [{}, {}] },
    ])
    expect(clock.pending).toBe(0)
  })

  it('hands over at once what fills a batch, and the large ones by themselves', () => {
    const { clock, sizes, outbox } = anOutbox()
    for (let n = 0; n < 100; n++) outbox.body(aBody(new Uint8Array(1_000), n))
    expect(sizes).toHaveLength(1)
    expect(sizes[0]).toBeLessThanOrEqual(64 * 1024)
    outbox.body(aBody(new Uint8Array(1_000_000)))
    expect(sizes.slice(1).map((size) => size >= 1_000_000)).toEqual([false, true])
    clock.advance(10)
    expect(sizes).toHaveLength(3)
  })

  it('takes no more than may wait, but one large one when little does', () => {
    const { gauge, outbox } = anOutbox(100_000)
    let taken = 0
    while (outbox.body(aBody(new Uint8Array(976)))) taken++
    expect(taken).toBe(99)
    expect(outbox.note(1, { k: 'secret', value: 'x', kind: 'header' }, true)).toBe(true)
    outbox.flush()
    gauge.dealtWith(gauge.waitingBytes(), gauge.waitingEntries())
    expect(outbox.body(aBody(new Uint8Array(500_000)))).toBe(true)
    expect(outbox.body(aBody(new Uint8Array(500_000)))).toBe(false)
  })
})
