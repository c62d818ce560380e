import { describe, expect, it } from 'vitest'
import { demoSnapshots, demoSource, tellingS } from '../../../src/tui/demo/demo-source.ts'
import { recordedS, recording } from '../../../src/tui/demo/recording.ts'

const snapshots = Array.from({ length: recordedS }, (_, atS) => demoSnapshots()(atS))

describe('the recorded minute', () => {
  it('is the same each time', () => {
    expect(demoSnapshots()(17)).toEqual(demoSnapshots()(17))
    expect(JSON.stringify(recording())).toBe(JSON.stringify(recording()))
  })

  it('has a stream that stalls and goes on, a retry, a client that is slow, and one that left', () => {
    const states = new Set(snapshots.flatMap(({ in_flight }) => in_flight.map(({ state }) => state)))
    for (const state of ['stalled', 'retrying', 'client_slow', 'thinking', 'streaming', 'sent'] as const) {
      expect(states).toContain(state)
    }
    const ended = snapshots.flatMap(({ recent }) => recent)
    const ends = ended.map(({ incomplete_reason, issue, error }) => [incomplete_reason, issue, error])
    expect(ends).toContainEqual([null, 'stalled_stream', null])
    expect(ends).toContainEqual([null, 'failover', null])
    expect(ends).toContainEqual([null, null, 'backend_unavailable'])
    expect(ends).toContainEqual(['client_disconnect', null, null])
  })

  it('has a circuit that is open, half open and open again, and a tool that runs all the while', () => {
    const circuit = snapshots.map(({ backends }) => backends.find(({ name }) => name === 'openrouter')?.state)
    expect(circuit.filter((state, at) => state !== circuit[at - 1])).toEqual(['open', 'half_open', 'open'])
    for (const { sessions } of snapshots) {
      expect(sessions.find(({ client_app }) => client_app === 'aider')?.client_runs).toEqual(['Bash'])
    }
  })

  it('adds up: what is listed is what is counted, and no number is beyond sense', () => {
    for (const { in_flight, in_flight_total, backends, traffic, cost, issues, issues_total } of snapshots) {
      expect(in_flight_total).toBe(in_flight.length)
      expect(issues_total).toBe(issues.length)
      expect(backends.reduce((sum, backend) => sum + backend.in_flight, 0)).toBe(in_flight.length)
      expect(traffic.series.requests_per_second).toHaveLength(60)
      expect(traffic.errors).toBeLessThan(traffic.requests)
      expect(cost.usd_today).toBeGreaterThan(0)
      for (const { age_ms, state_ms, output_tokens } of in_flight) {
        expect(state_ms).toBeLessThanOrEqual(age_ms)
        expect(output_tokens).toBeGreaterThanOrEqual(0)
      }
    }
  })

  it('is played as fast as the clock goes, and over again', async () => {
    let nowMs = 5_000
    const source = demoSource(() => nowMs)
    const at = async (laterMs: number) => {
      nowMs = 5_000 + laterMs
      return (await source.next(new AbortController().signal)).at
    }
    const begun = await at(0)
    expect(Date.parse(await at(tellingS * 1_000)) - Date.parse(begun)).toBe(tellingS * 1_000)
    expect(await at(recordedS * 1_000)).toBe(begun)
  })
})
