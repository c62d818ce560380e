import { describe, expect, it } from 'vitest'
import { Minute } from '../../src/tui/demo/minute.ts'
import { readSnapshot } from '../../src/tui/read-snapshot.ts'
import { anExchange, aSession, aSnapshot } from './a-snapshot.ts'

describe('reading a snapshot', () => {
  it('gives what the proxy told', () => {
    expect(readSnapshot(JSON.parse(JSON.stringify(aSnapshot())))).toEqual(aSnapshot())
    const recorded = new Minute().at(42)
    expect(readSnapshot(JSON.parse(JSON.stringify(recorded)))).toEqual(recorded)
  })

  it('takes words and fields that a newer proxy has more of', () => {
    const newer = {
      ...aSnapshot(),
      weather: 'fine',
      in_flight: [{ ...anExchange(), state: 'musing', mood: 'good' }],
    }
    expect(readSnapshot(newer)?.in_flight[0]).toEqual({ ...anExchange(), state: 'musing' })
  })

  it('makes every text fit for a terminal, and bounds it', () => {
    const sessions = [aSession({ id: 'a\u001b[2Jb\u202e', client_runs: ['\u009b31m', 'x'.repeat(5_000)] })]
    const [session] = readSnapshot(aSnapshot({ sessions }))?.sessions ?? []
    expect(session?.id).toBe('a␛[2Jb�')
    expect(session?.client_runs.map((text) => text.length)).toEqual([4, 500])
  })

  it.each([[null], [{}], ['text'], [{ ...aSnapshot(), traffic: {} }], [{ ...aSnapshot(), in_flight: [{}] }]])(
    'of %j is none',
    (answer) => {
      expect(readSnapshot(answer)).toBeNull()
    },
  )
})
