import { describe, expect, test } from 'vitest'
import { bodyBytes, ExchangeWindow, legsOf } from '../../../src/capture/view/window.ts'
import { aCapture, type ExchangeWishes, viewsOf } from '../../support/a-capture.ts'

function views(wishes: readonly ExchangeWishes[]) {
  return viewsOf(aCapture(wishes))
}

function remembering(all: ReturnType<typeof views>, window = new ExchangeWindow()) {
  for (const view of all) window.remember(view)
  return window.around
}

describe('before an exchange', () => {
  test('is the one of its session that opened last before it', () => {
    const [a, other, b, c] = views([{}, { session: 's_2' }, {}, {}])
    const around = remembering([a!, other!, b!])
    expect(around.before(c!)?.id).toBe(b!.id)
    expect(around.before(b!)?.id).toBe(a!.id)
    expect(around.before(a!)).toBeNull()
    expect(around.sessionBefore(c!).map(({ id }) => id)).toEqual([b!.id, a!.id])
  })

  test('is nothing where it has no session', () => {
    const [a, b] = views([{ session: null }, { session: null }])
    expect(remembering([a!]).before(b!)).toBeNull()
  })

  test('are ten of its session, and of all those that opened within a time', () => {
    const all = views(Array.from({ length: 15 }, (_, i) => ({ session: i % 5 === 4 ? 's_2' : 's_1' })))
    const last = views([{}])[0]!
    const now = { ...last, id: 'now', openedAtNs: all[14]!.openedAtNs + 1e9 }
    const around = remembering(all)
    expect(around.sessionBefore(now)).toHaveLength(10)
    expect(around.recent(now, 130_000).map(({ id }) => id)).toEqual(['x_15', 'x_14', 'x_13'])
  })

  test('are at most 64 recent ones', () => {
    const all = views(Array.from({ length: 80 }, (_, i) => ({ openedMs: i })))
    const last = { ...all[79]!, id: 'now' }
    expect(remembering(all).recent(last, 60_000)).toHaveLength(64)
  })
})

describe('its memory', () => {
  test('holds so many bytes of bodies; what is older keeps its heads', () => {
    const all = views(Array.from({ length: 6 }, () => ({})))
    const each = bodyBytes(all[0]!)
    const window = new ExchangeWindow({ maxBytes: each * 3 })
    const around = remembering(all.slice(0, 5), window)
    expect(window.bytes).toBe(each * 3)
    const before = around.sessionBefore(all[5]!)
    expect(before.map(({ forgotten }) => forgotten ?? false)).toEqual([false, false, false, true, true])
    expect(before.map((view) => bodyBytes(view) === 0)).toEqual([false, false, false, true, true])
    expect(legsOf(before[4]!).map(({ headers, status }) => [headers.length > 0, status])).toEqual(
      legsOf(all[0]!).map(({ headers, status }) => [headers.length > 0, status]),
    )
  })

  test('does not grow with the number of sessions and exchanges', () => {
    const window = new ExchangeWindow({ maxSessions: 20, maxBytes: Number.POSITIVE_INFINITY })
    const one = views([{}])[0]!
    for (let i = 0; i < 2_000; i++) {
      window.remember({ ...one, id: `x_${i}`, session: `s_${i}`, openedAtNs: one.openedAtNs + i })
    }
    // 256 recent ones, and one in each of 20 sessions that are among them.
    expect(window.bytes).toBe(256 * bodyBytes(one))
    const again = new ExchangeWindow({ maxBytes: Number.POSITIVE_INFINITY })
    for (let i = 0; i < 2_000; i++) again.remember({ ...one, id: `x_${i}`, openedAtNs: one.openedAtNs + i })
    expect(again.bytes).toBe(256 * bodyBytes(one))
  })
})

test('the capture ends where it has been read to, and where a run ended for what was open in it', () => {
  const [a, b] = views([{}, {}])
  const window = new ExchangeWindow()
  window.remember(b!)
  window.remember(a!)
  expect(window.around.endsAtNs).toBe(b!.lastAtNs)
  window.endsAt(a!.lastAtNs, true)
  expect(window.around).toMatchObject({ endsAtNs: a!.lastAtNs, closedInOrder: true })
})
