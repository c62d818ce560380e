import { describe, expect, it } from 'vitest'
import { seededRolls } from '../../src/replacement/rolls.ts'
import { aReplacement, settingsOf } from './a-replacement.ts'

const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))

describe('the decision', () => {
  it('is nobody’s while replacement is off, and nothing is counted', () => {
    const { turn, replacement } = aReplacement({ enabled: false })
    expect(times(3, () => turn())).toEqual([null, null, null])
    expect(replacement.counters().probability_check_metrics.total_probability_checks).toBe(0)
  })

  it('spares the first turn, then opens a window, then cools down for one turn', () => {
    const { turn } = aReplacement({ turnCount: 2 })
    expect(times(8, () => turn())).toEqual([
      ...['first_turn', 'replaced', 'replaced', 'cool_down'],
      ...['replaced', 'replaced', 'cool_down', 'replaced'],
    ])
  })

  it('may begin with the first turn where that is allowed', () => {
    const { turn } = aReplacement({ allowFirstTurn: true })
    expect(times(3, () => turn())).toEqual(['replaced', 'cool_down', 'replaced'])
  })

  it('rolls again after a lost roll, with the first model answering', () => {
    const rolls = [0.9, 0.31, 0.29, 0.5]
    const { turn, replacement } = aReplacement({ probability: 0.3, roll: () => rolls.shift() ?? 1 })
    expect(times(6, () => turn())).toEqual([
      ...['first_turn', 'lost_roll', 'lost_roll', 'replaced', 'cool_down', 'lost_roll'],
    ])
    expect(replacement.counters()).toMatchObject({
      activation_metrics: { total_activations: 1, activation_ratio: 0.25, unique_sessions_activated: 1 },
      probability_check_metrics: { total_probability_checks: 4, observed_probability: 0.25 },
      turn_count_metrics: { turns_before_activation: { count: 1, min: 3, max: 3, p95: 3 } },
    })
  })

  it('keeps sessions apart', () => {
    const { turn } = aReplacement({ turnCount: 2 })
    const order = ['a', 'b', 'a', 'b', 'b', 'a', 'a', 'b'].map((session) => [session, turn({ session })])
    const all = ['first_turn', 'replaced', 'replaced', 'cool_down']
    expect(order.filter(([session]) => session === 'a').map(([, what]) => what)).toEqual(all)
    expect(order.filter(([session]) => session === 'b').map(([, what]) => what)).toEqual(all)
  })

  it('has no say in requests that no rule matches, nor where the rule changes nothing', () => {
    const { turn, replacement } = aReplacement({ rules: ['opus=cheap:small', '*=cheap:tiny'] })
    expect(turn({ backend: 'cheap', model: 'tiny' })).toBeNull()
    expect(replacement.counters().probability_check_metrics.total_probability_checks).toBe(0)
    const { turn: other } = aReplacement({ rules: ['opus=cheap:small'] })
    expect(times(3, () => other({ model: 'haiku' }))).toEqual([null, null, null])
  })

  it('takes the first rule that matches, and no other', () => {
    const { ask, turn } = aReplacement({ rules: ['haiku=cheap:tiny', '*=cheap:small'] })
    turn({ model: 'haiku-4' })
    turn()
    expect(ask({ model: 'haiku-4' })?.replaced?.to).toEqual({ backend: 'cheap', model: 'tiny' })
    expect(ask()?.replaced?.to).toEqual({ backend: 'cheap', model: 'small' })
  })

  it('leaves an agent’s side calls to another model out of windows, first turns and cool-downs', () => {
    const { turn } = aReplacement({ rules: ['opus=cheap:small'], turnCount: 2 })
    const side = () => turn({ model: 'haiku' })
    expect([side(), turn(), side(), turn(), side(), turn(), side(), turn()]).toEqual([
      ...[null, 'first_turn', null, 'replaced', null, 'replaced', null, 'cool_down'],
    ])
  })

  it('lets windows of two rules run side by side in one session', () => {
    const { turn } = aReplacement({ rules: ['opus=cheap:small', 'haiku=cheap:tiny'], turnCount: 2 })
    const both = () => [turn(), turn({ model: 'haiku' })]
    expect(times(4, both)).toEqual([
      ...[
        ['first_turn', 'first_turn'],
        ['replaced', 'replaced'],
      ],
      ...[
        ['replaced', 'replaced'],
        ['cool_down', 'cool_down'],
      ],
    ])
  })

  it('counts no first turn for a session that was there before the proxy', () => {
    const { turn } = aReplacement()
    expect(turn({ turn: 7 })).toBe('replaced')
  })

  it('replaces one of five parallel requests where a window has one turn', () => {
    const { ask, turn, replacement } = aReplacement()
    turn()
    const open = times(5, () => ask())
    expect(open.map((verdict) => verdict?.decision)).toEqual(['replaced', ...times(4, () => 'no_place')])
    expect(turn()).toBe('no_place')
    open[0]?.replaced?.place.closed()
    expect([turn(), turn()]).toEqual(['cool_down', 'replaced'])
    expect(replacement.counters().activation_metrics.total_activations).toBe(2)
  })

  it('completes a place once, however often it is closed', () => {
    const { ask, turn, replacement } = aReplacement({ turnCount: 2 })
    turn()
    const first = ask()
    first?.replaced?.place.closed()
    first?.replaced?.place.closed()
    expect(replacement.counters().turn_count_metrics.total_turns_completed).toBe(1)
    expect([turn(), turn()]).toEqual(['replaced', 'cool_down'])
  })

  it('reproduces its rolls with a seed, also over a reload that keeps it', () => {
    const run = (reloadAt: number) => {
      const { turn, replacement } = aReplacement({ probability: 0.5, seed: 42 })
      return times(60, (i) => {
        if (i === reloadAt) replacement.configure(settingsOf({ probability: 0.5, seed: 42 }))
        return turn({ session: `s${i % 7}` })
      })
    }
    expect(run(-1)).toEqual(run(-1))
    expect(run(20)).toEqual(run(-1))
    const other = aReplacement({ probability: 0.5, seed: 43 })
    expect(times(60, (i) => other.turn({ session: `s${i % 7}` }))).not.toEqual(run(-1))
  })
})

describe('opting out', () => {
  it('by header holds for that request, which is the first of its session all the same', () => {
    const { turn, replacement } = aReplacement()
    expect([turn({ isOptedOut: true }), turn(), turn({ isOptedOut: true }), turn()]).toEqual([
      ...['opted_out', 'replaced', 'opted_out', 'cool_down'],
    ])
    expect(replacement.counters().opt_out_metrics).toMatchObject({
      ...{ total_opt_outs: 2, header_opt_outs: 2, session_opt_outs: 0, opt_outs_last_60s: 2 },
      ...{ unique_sessions_opted_out: 1, opt_out_ratio: 0.5 },
    })
  })

  it('of a session ends its window at once, and holds until it is taken back', () => {
    const { turn, ask, replacement, events } = aReplacement({ turnCount: 5 })
    turn()
    const running = ask()
    replacement.optOuts.add('s1', null)
    expect([turn(), turn({ isOptedOut: true })]).toEqual(['opted_out', 'opted_out'])
    running?.replaced?.place.closed()
    expect(events.at(-1)).toMatchObject({ type: 'ended', session_id: 's1', turns: 1 })
    expect(replacement.optOuts.remove('s1', null)).toBe(true)
    expect(replacement.optOuts.remove('s1', null)).toBe(false)
    expect(turn()).toBe('replaced')
    expect(replacement.counters().opt_out_metrics).toMatchObject({ session_opt_outs: 2, header_opt_outs: 0 })
  })

  it('of a user speaks of that user’s session only', () => {
    const { turn, replacement } = aReplacement({ allowFirstTurn: true })
    replacement.optOuts.add('s1', 'alice')
    expect(turn({ session: 's1', user: 'bob' })).toBe('replaced')
    expect(turn({ session: 's1', user: 'alice' })).toBe('opted_out')
  })
})

describe('a target that cannot answer', () => {
  it('is not chosen by a won roll, which is counted and opens no window', () => {
    const { turn, replacement } = aReplacement()
    expect([turn(), turn({ usable: false }), turn()]).toEqual(['first_turn', 'target_unusable', 'replaced'])
    expect(replacement.counters()).toMatchObject({
      activation_metrics: { total_activations: 1, activation_ratio: 0.5 },
      probability_check_metrics: { total_probability_checks: 2, observed_probability: 1 },
    })
  })

  it('ends a window that goes on', () => {
    const { turn } = aReplacement({ turnCount: 5 })
    expect([turn(), turn(), turn({ usable: false }), turn(), turn()]).toEqual([
      ...['first_turn', 'replaced', 'target_unusable', 'cool_down', 'replaced'],
    ])
  })

  it('ends its window when it fails before output, and the turn counts when it closes', () => {
    const { ask, turn, replacement, events } = aReplacement({ turnCount: 5 })
    turn()
    turn()
    const failing = ask()
    failing?.replaced?.place.failed()
    expect(turn()).toBe('cool_down')
    expect(replacement.counters().turn_count_metrics.total_turns_completed).toBe(1)
    failing?.replaced?.place.closed()
    expect(replacement.counters().turn_count_metrics).toMatchObject({
      ...{ total_turns_completed: 2, average_turn_count: 2, turn_count_distribution: { 2: 1 } },
    })
    expect(events.map(({ type }) => type)).toEqual(['activated', 'ended'])
  })
})

describe('a reload', () => {
  it('lets the windows of rules that stay go on, and ends nothing of what runs', () => {
    const { ask, turn, replacement } = aReplacement({ turnCount: 2 })
    turn()
    const running = ask()
    replacement.configure(settingsOf({ turnCount: 9 }))
    expect(turn()).toBe('replaced')
    running?.replaced?.place.closed()
    expect(turn()).toBe('cool_down')
    replacement.configure(settingsOf({ rules: ['opus=openai:gpt'] }))
    expect(turn()).toBe('first_turn')
  })
})

describe('what is remembered', () => {
  it('is bounded by sessions, whatever they do', () => {
    const { turn, replacement } = aReplacement({ maxSessions: 100, allowFirstTurn: true })
    for (let i = 0; i < 1_000; i++) turn({ session: `s${i}` })
    expect(turn({ session: 's999' })).toBe('cool_down')
    // Forgotten, and so at its beginning again.
    expect(turn({ session: 's1', turn: 1 })).toBe('replaced')
    for (let i = 0; i < 1_000; i++) replacement.optOuts.add(`s${i}`, null)
    expect(replacement.optOuts.has('s1', null)).toBe(false)
    expect(replacement.optOuts.has('s999', null)).toBe(true)
  })
})

describe('100,000 rolls at 0.3', () => {
  it('win as often as they should, within three standard errors', () => {
    const { turn, replacement } = aReplacement({ probability: 0.3, seed: 7, allowFirstTurn: true })
    for (let i = 0; i < 300_000; i++) {
      turn({ session: `s${i % 5_000}` })
      if (replacement.counters().probability_check_metrics.total_probability_checks >= 100_000) break
    }
    const { observed_probability: observed, total_probability_checks: checks } =
      replacement.counters().probability_check_metrics
    expect(checks).toBe(100_000)
    expect(Math.abs((observed ?? 0) - 0.3)).toBeLessThan(3 * Math.sqrt((0.3 * 0.7) / checks))
  })

  it('of a seed are spread evenly over the unit interval', () => {
    const roll = seededRolls(1)
    const bins = new Array<number>(20).fill(0)
    for (let i = 0; i < 100_000; i++) {
      const value = roll()
      bins[Math.floor(value * 20)] = (bins[Math.floor(value * 20)] ?? 0) + 1
    }
    const chiSquare = bins.reduce((sum, n) => sum + (n - 5_000) ** 2 / 5_000, 0)
    // 19 degrees of freedom: 99.9 % lie below 43.8.
    expect(chiSquare).toBeLessThan(43.8)
  })
})
