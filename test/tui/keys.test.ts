import { describe, expect, it } from 'vitest'
import { actionFor, bindings, type Pressed } from '../../src/tui/keys.ts'
import { textOf } from '../../src/tui/lines.ts'
import { footer } from '../../src/tui/panels/footer.ts'
import { help } from '../../src/tui/panels/help.ts'
import { typed } from '../../src/tui/typing.ts'
import { aState } from './a-snapshot.ts'

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/?+-= ']
const specials = [
  'upArrow',
  'downArrow',
  'pageUp',
  'pageDown',
  'home',
  'end',
  'tab',
  'return',
  'escape',
] as const
const presses: Pressed[] = [
  ...letters.map((input) => ({ input, key: {} })),
  ...specials.map((name) => ({ input: '', key: { [name]: true } })),
  { input: '', key: { tab: true, shift: true } },
  { input: 'c', key: { ctrl: true } },
]

describe('the table of keys', () => {
  it('gives each key one meaning, and each meaning a key', () => {
    for (const pressed of presses) {
      const meant = bindings.filter(({ matches }) => matches(pressed)).map(({ action }) => action)
      expect([JSON.stringify(pressed), meant.length]).toEqual([
        JSON.stringify(pressed),
        Math.min(1, meant.length),
      ])
    }
    const reached = new Set(presses.map(actionFor))
    expect(bindings.filter(({ action }) => !reached.has(action))).toEqual([])
    expect(new Set(bindings.map(({ action }) => action)).size).toBe(bindings.length)
  })

  it('knows Ctrl-C from c, and no letter with Alt', () => {
    expect(actionFor({ input: 'c', key: {} })).toBe('copy')
    expect(actionFor({ input: 'c', key: { ctrl: true } })).toBe('quit')
    expect(actionFor({ input: 'q', key: { meta: true } })).toBeUndefined()
  })

  it('is what the help shows, whole, at 80×24 too', () => {
    for (const [width, height] of [
      [120, 19],
      [80, 19],
    ] as const) {
      const text = help(width, height).map(textOf).join('\n')
      for (const { keys, help: words } of bindings) {
        expect(text).toContain(keys)
        expect(text).toContain(words)
      }
    }
  })

  it('is what the footer shows, as much as there is room for, never without help and quit', () => {
    for (const columns of [60, 80, 120, 200]) {
      const text = textOf(footer(aState(), columns))
      expect(text).toHaveLength(columns)
      expect(text).toMatch(/\? help .* q quit/)
    }
    expect(textOf(footer(aState(), 120))).toContain(' z zoom ')
    expect(textOf(footer({ ...aState(), mode: 'details' }, 80))).toContain(' esc back ')
    expect(textOf(footer({ ...aState(), isPaused: true }, 80))).toContain(' p go on ')
  })
})

describe('typing', () => {
  it.each([
    ['so', { input: 'n', key: {} }, 'son'],
    ['so', { input: 'q', key: {} }, 'soq'],
    ['so', { input: 'pasted text\u001b[2J\n', key: {} }, 'sopasted text[2J'],
    ['so', { input: '', key: { backspace: true } }, 's'],
    ['s😀', { input: '', key: { delete: true } }, 's'],
    ['one two', { input: 'w', key: { ctrl: true } }, 'one '],
    ['one two', { input: 'u', key: { ctrl: true } }, ''],
    ['so', { input: 'x', key: { ctrl: true } }, 'so'],
  ])('after %j, %j makes it %j', (before, pressed, text) => {
    expect(typed(before, pressed)).toEqual({ kind: 'text', text })
  })

  it('ends with ⏎, esc or Ctrl-C', () => {
    expect(typed('a', { input: '', key: { return: true } })).toEqual({ kind: 'accept' })
    expect(typed('a', { input: '', key: { escape: true } })).toEqual({ kind: 'cancel' })
    expect(typed('a', { input: 'c', key: { ctrl: true } })).toEqual({ kind: 'quit' })
  })
})
