import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameGate } from '../../../src/capture/inspect/frame-gate.ts'
import type { FrameRow } from '../../../src/capture/inspect/frame-row.ts'

function aFrame(entry: number, exchange: string | null, bytes = 0): FrameRow {
  return {
    ...{
      file: 'a.cbor',
      version: 3,
      entry,
      offset: entry * 100,
      atNs: entry,
      record: 'b',
      exchange,
      leg: 'BTP',
    },
    ...{ attempt: 1, session: null, backend: null, model: null, gapMs: null, what: '', chunk: 0 },
    ...{ status: null, headers: null, bytes, missing: 0, data: new Uint8Array(bytes) },
  }
}

function aGate(waits = true) {
  const passed: number[] = []
  return { passed, gate: new FrameGate({ waits, pass: ({ entry }) => passed.push(entry) }) }
}

describe('the gate of frames', () => {
  it('lets the frames of exchanges that are meant through in the order of the file, whenever they are decided', () => {
    const run = fc.array(fc.nat({ max: 5 }), { maxLength: 60 })
    const meant = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 })
    fc.assert(
      fc.property(run, meant, order, (exchanges, isMeant, decided) => {
        const { gate, passed } = aGate()
        for (const [entry, x] of exchanges.entries()) {
          gate.take(aFrame(entry, `x_${x}`))
          // Some are decided amid their frames.
          if (entry % 7 === 0) gate.decide(`x_${x}`, 'a.cbor', 3, isMeant[x]!)
        }
        for (const x of decided) gate.decide(`x_${x}`, 'a.cbor', 3, isMeant[x]!)
        gate.end()
        expect(passed).toEqual([...exchanges.entries()].filter(([, x]) => isMeant[x]).map(([entry]) => entry))
      }),
    )
  })

  it('gives each frame at once where nothing is to be decided', () => {
    const { gate, passed } = aGate(false)
    gate.take(aFrame(1, null))
    gate.take(aFrame(2, 'x_1'))
    expect(passed).toEqual([1, 2])
  })

  it('does not let through what belongs to no exchange, nor what was never decided', () => {
    const { gate, passed } = aGate()
    gate.take(aFrame(1, null))
    gate.take(aFrame(2, 'x_1'))
    gate.end()
    expect(passed).toEqual([])
  })

  it('holds no more than a bounded amount for one that is never decided', () => {
    const { gate, passed } = aGate()
    gate.take(aFrame(0, 'x_open'))
    gate.decide('x_1', 'a.cbor', 3, true)
    const megabyte = 1024 * 1024
    for (let entry = 1; entry <= 40; entry++) gate.take(aFrame(entry, 'x_1', megabyte))
    expect(passed.length).toBeGreaterThan(30)
  })
})
