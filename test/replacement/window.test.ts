import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Window, type WindowPlace } from '../../src/replacement/window.ts'

describe('a window', () => {
  it('hands out at most its turns, is over once, and ends once with what has closed, in any order', () => {
    const step = fc.oneof(
      fc.constant({ do: 'take' as const }),
      fc.record({ do: fc.constantFrom('close' as const, 'fail' as const), which: fc.nat(12) }),
      fc.constant({ do: 'end' as const }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 40 }), (turnCount, steps) => {
        const told = { over: 0, turns: 0, ended: [] as number[] }
        const window = new Window(turnCount, {
          over: () => (told.over += 1),
          turnClosed: () => (told.turns += 1),
          ended: (turns) => told.ended.push(turns),
        })
        const places: WindowPlace[] = []
        const closed = new Set<number>()
        let isOver = false
        for (const now of steps) {
          if (now.do === 'take') {
            const mayTake = !isOver && places.length < turnCount
            expect(window.hasPlace).toBe(mayTake)
            const place = window.take()
            expect(place !== null).toBe(mayTake)
            if (place) places.push(place)
          } else if (now.do === 'end') {
            window.end()
            isOver = true
          } else {
            const place = places[now.which]
            if (!place) continue
            if (now.do === 'close') {
              place.closed()
              closed.add(now.which)
              if (closed.size === turnCount) isOver = true
            } else {
              place.failed()
              isOver = true
            }
          }
          expect(told.turns).toBe(closed.size)
          expect(told.over).toBe(isOver ? 1 : 0)
          expect(told.ended).toEqual(isOver && closed.size === places.length ? [closed.size] : [])
        }
      }),
      { numRuns: 500 },
    )
  })
})
