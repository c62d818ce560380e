import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type InLine, type Place, Places } from '../../../src/routing/availability/places.ts'

function placesOf(limits: Record<string, number | null>): Places {
  const places = new Places()
  places.configure(new Map(Object.entries(limits)))
  return places
}

describe('the places of a backend', () => {
  it('are as many as its limit, and without one as many as are asked for', () => {
    const places = placesOf({ a: 2, b: null })
    expect([places.take('a'), places.take('a'), places.take('a')].map((one) => one !== null)).toEqual([
      true,
      true,
      false,
    ])
    for (let n = 0; n < 1_000; n++) expect(places.take('b')).not.toBeNull()
    expect([places.taken('a'), places.taken('b')]).toEqual([2, 1_000])
  })

  it('go to those in line, each session in turn, and to nobody who comes later', () => {
    const places = placesOf({ a: 1 })
    const held = [places.take('a') as Place]
    const served: string[] = []
    const wait = (session: string, name: string) =>
      places.wait(session, ['a'], (place) => {
        served.push(name)
        held.push(place)
      })
    for (const name of ['greedy 1', 'greedy 2', 'greedy 3', 'modest 1']) wait(name.slice(0, 6), name)
    expect(places.waiting('a')).toBe(4)
    while (held.length > 0) {
      held.shift()?.giveBack()
      if (places.waiting('a') > 0) expect(places.take('a')).toBeNull()
    }
    expect(served).toEqual(['greedy 1', 'modest 1', 'greedy 2', 'greedy 3'])
  })

  it('are given back once, however often it is said', () => {
    const places = placesOf({ a: 1 })
    const place = places.take('a')
    place?.giveBack()
    expect(places.take('a')).not.toBeNull()
    place?.giveBack()
    expect(places.take('a')).toBeNull()
  })

  it('of another backend serve who waits for either', () => {
    const places = placesOf({ a: 1, b: 1 })
    const [a, b] = [places.take('a'), places.take('b')]
    const got: string[] = []
    places.wait('s', ['a', 'b'], ({ backend }) => got.push(backend))
    b?.giveBack()
    a?.giveBack()
    expect(got).toEqual(['b'])
  })

  it('are waited for where one stands in line, also when others come into question', () => {
    const places = placesOf({ a: 1, b: 1 })
    const [a, b] = [places.take('a'), places.take('b')]
    const got: string[] = []
    const first = places.wait('s', ['a'], ({ backend }) => got.push(`first at ${backend}`))
    places.wait('t', ['a', 'b'], ({ backend }) => got.push(`second at ${backend}`))
    first.waitFor(['a', 'b'])
    b?.giveBack()
    a?.giveBack()
    expect(got).toEqual(['first at b', 'second at a'])
    first.waitFor(['a'])
    first.leave()
    expect(places.waiting('a')).toBe(0)
  })

  it('that a reload adds are given to the line', () => {
    const places = placesOf({ a: 1 })
    places.take('a')
    let isServed = false
    places.wait('s', ['a'], () => {
      isServed = true
    })
    places.configure(new Map([['a', 2]]))
    expect(isServed).toBe(true)
  })
})

const names = ['a', 'b', 'c']
const step = fc.oneof(
  fc.record({ kind: fc.constant('take' as const), backend: fc.constantFrom(...names) }),
  fc.record({
    kind: fc.constant('wait' as const),
    session: fc.constantFrom('s', 't', 'u'),
    backends: fc.subarray(names, { minLength: 1 }),
  }),
  fc.record({ kind: fc.constant('giveBack' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('leave' as const), which: fc.nat(20) }),
  fc.record({
    kind: fc.constant('change' as const),
    which: fc.nat(20),
    backends: fc.subarray(names, { minLength: 1 }),
  }),
)

it('no place is lost or given twice, and none is free while somebody waits for it, for any order of events', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
      const places = placesOf({ a: 1, b: 2, c: 3 })
      const held: Place[] = []
      const line: { backends: readonly string[]; inLine: InLine | null; isOver: boolean }[] = []
      for (const one of steps) {
        if (one.kind === 'take') {
          const place = places.take(one.backend)
          if (place) held.push(place)
        } else if (one.kind === 'wait') {
          const entry: (typeof line)[number] = { backends: one.backends, inLine: null, isOver: false }
          line.push(entry)
          entry.inLine = places.wait(one.session, one.backends, (place) => {
            expect([entry.isOver, entry.backends.includes(place.backend)]).toEqual([false, true])
            entry.isOver = true
            held.push(place)
          })
        } else if (one.kind === 'giveBack') held.splice(one.which % (held.length || 1), 1)[0]?.giveBack()
        else {
          const entry = line[one.which % (line.length || 1)]
          if (!entry) continue
          if (one.kind === 'leave') {
            entry.inLine?.leave()
            entry.isOver = true
          } else {
            if (!entry.isOver) entry.backends = one.backends
            entry.inLine?.waitFor(one.backends)
          }
        }
        const waiting = line.filter(({ isOver }) => !isOver)
        for (const [name, limit] of Object.entries({ a: 1, b: 2, c: 3 })) {
          const taken = held.filter(({ backend }) => backend === name).length
          const wanted = waiting.filter(({ backends }) => backends.includes(name)).length
          expect([places.taken(name), places.waiting(name)]).toEqual([taken, wanted])
          expect(taken).toBeLessThanOrEqual(limit)
          if (wanted > 0) expect(taken).toBe(limit)
        }
      }
      for (const place of held.splice(0)) place.giveBack()
      for (let rounds = 0; rounds < 200; rounds++) held.shift()?.giveBack()
      expect(names.map((name) => places.waiting(name))).toEqual([0, 0, 0])
    }),
    { numRuns: 300 },
  )
})
