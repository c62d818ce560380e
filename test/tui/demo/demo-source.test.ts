import { expect, it } from 'vitest'
import { demoPicture, demoSource } from '../../../src/tui/demo/demo-source.ts'
import { Minute } from '../../../src/tui/demo/minute.ts'

const beganMs = Date.UTC(2027, 0, 5, 8)

it('plays the minute as if it were now, as fast as the clock goes, and over again', async () => {
  let nowMs = beganMs
  const source = demoSource(() => nowMs)
  const minute = new Minute()
  for (const second of [0, 1, 17.4, 59.9, 60, 61, 150]) {
    nowMs = beganMs + second * 1_000
    const snapshot = await source.next(new AbortController().signal)
    const whole = Math.floor(second)
    expect(Date.parse(snapshot.at)).toBe(beganMs + whole * 1_000)
    expect(snapshot.in_flight).toEqual(minute.at(whole % 60).in_flight)
  }
})

it('shows its most telling second as if it were now', () => {
  expect(demoPicture(beganMs).at).toBe(new Date(beganMs).toISOString())
})
