import { describe, expect, it } from 'vitest'
import { Circuit } from '../../../src/routing/availability/circuit.ts'
import { CircuitHistory } from '../../../src/routing/availability/circuit-history.ts'

function watched() {
  const circuit = new Circuit({ failureThreshold: 1, openMs: 1_000 })
  const history = new CircuitHistory()
  const note = (atMs: number) => history.note(circuit, { nowMs: () => atMs })
  const fail = (atMs: number) => {
    const pass = circuit.begin(atMs)
    note(atMs)
    circuit.failed(pass, `HTTP 500 at ${atMs}`, atMs)
    note(atMs)
  }
  const turns = () => history.turns({ onSystemsClock: (ms) => ms })
  return { circuit, note, fail, turns }
}

describe('the history of a circuit', () => {
  it('has each change of its state with its time and reason, the newest first', () => {
    const { circuit, note, fail, turns } = watched()
    fail(0)
    fail(2_000)
    const trial = circuit.begin(9_000)
    note(9_000)
    circuit.content(trial)
    note(9_100)
    expect(turns()).toEqual([
      { atMs: 9_100, state: 'closed', reason: null },
      { atMs: 9_000, state: 'half_open', reason: 'HTTP 500 at 2000' },
      { atMs: 2_000, state: 'open', reason: 'HTTP 500 at 2000' },
      { atMs: 2_000, state: 'half_open', reason: 'HTTP 500 at 0' },
      { atMs: 0, state: 'open', reason: 'HTTP 500 at 0' },
    ])
  })

  it('has nothing of a circuit that never opened, however often it is told', () => {
    const { note, turns } = watched()
    for (let atMs = 0; atMs < 5; atMs++) note(atMs)
    expect(turns()).toEqual([])
  })

  it('keeps the last ten', () => {
    const { fail, turns } = watched()
    for (let n = 0; n < 20; n++) fail(n * 3_600_000)
    expect(turns()).toHaveLength(10)
    expect(turns()[0]).toMatchObject({ atMs: 19 * 3_600_000, state: 'open' })
  })
})
