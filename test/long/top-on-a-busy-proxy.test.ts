import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { columnsOf } from '../../src/cli/text-width.ts'
import { type RunningTop, runningTop } from '../e2e/running-top.ts'
import { hasTerminals } from '../support/terminal.ts'
import { type BusyProxy, busyProxy } from './top-on-a-busy-proxy/busy-proxy.ts'
import { inFlightReadings } from './top-on-a-busy-proxy/list-readings.ts'
import { faultsOf } from './top-on-a-busy-proxy/picture-readings.ts'
import { boxesOf, type ScreenRow, tableOf } from './top-on-a-busy-proxy/screen.ts'
import { type Tap, tapped } from './top-on-a-busy-proxy/tapped.ts'

const soon = { timeout: 20_000, interval: 50 }
const panels = ['In flight', 'Backends', 'Recent', 'Sessions', 'Issues'] as const

let busy: BusyProxy
let tap: Tap

beforeAll(async () => {
  if (!hasTerminals) return
  busy = await busyProxy()
  tap = await tapped(busy.proxy.url)
}, 60_000)
afterAll(async () => {
  await tap?.close()
  await busy?.close()
})

/** The screen once it shows this and goes on showing it: a frame may come in pieces. */
async function settled({ terminal }: RunningTop, shows: (screen: string[]) => void): Promise<string[]> {
  return await vi.waitFor(() => {
    const screen = terminal.shown()
    shows(screen)
    expect(terminal.shown()).toEqual(screen)
    return screen
  }, soon)
}

const has = (text: string | RegExp) => (screen: string[]) => expect(screen.join('\n')).toMatch(text)
const lacks = (text: string | RegExp) => (screen: string[]) => expect(screen.join('\n')).not.toMatch(text)
const frames = (screen: readonly string[]) =>
  boxesOf(screen).filter(({ title }) => !/^(Traffic|Latency|Cost) /.test(title))
/** Only the list of this name is there. */
const zoomedOn = (panel: string) => (screen: string[]) =>
  expect(frames(screen).map(({ title }) => title.split(/ (?:\d|$)/)[0])).toEqual([panel])

/** Pauses it; a picture that stands still is that of one answer. */
async function paused(top: RunningTop): Promise<string[]> {
  // The answer before the one that is shown must be the one that was shown before.
  const before = tap.told.at(-1)
  await vi.waitFor(() => expect(tap.told.indexOf(before as never)).toBeLessThan(tap.told.length - 3), soon)
  top.terminal.press('p')
  return await settled(top, has(/◐ paused/))
}

/** What is wrong with pictures of one moment, measured by the answer that they fit best. */
function faultsByBest(screens: readonly (readonly string[])[]): string[] {
  const each = tap.told.map((snapshot, at) => {
    const told = { snapshot, before: tap.told[at - 1] ?? null }
    return screens.flatMap((screen) => faultsOf(screen, told))
  })
  return each.toSorted((a, b) => a.length - b.length)[0] ?? ['nothing was told']
}

/** Ended by a key or a signal: the terminal is as it was before. */
async function expectGivenBack({ terminal, text, modes }: RunningTop, code: number): Promise<void> {
  await vi.waitFor(() => expect(text()).toMatch(/ended with \d+\ndone$/m), soon)
  expect(text()).toContain(`ended with ${code}\n`)
  expect(terminal.screen()).toEqual({ isAlternate: false, hasCursor: true })
  expect(modes().after).toBe(modes().before)
}

function inFlightRows(screen: readonly string[]): ScreenRow[] {
  const frame = frames(screen).find(({ title }) => title.startsWith('In flight'))
  return tableOf(frame?.lines ?? [], inFlightReadings)
}
const selectedAt = (screen: readonly string[]) =>
  frames(screen).flatMap(({ lines }) =>
    lines.flatMap((line, at) => (line.startsWith('▶') ? [at - 1] : [])),
  )[0]

describe.skipIf(!hasTerminals)('top on a busy proxy (needs tmux; skipped where it is not installed)', () => {
  it.each([
    [120, 30, 'q', 0],
    [80, 24, 'C-c', 0],
  ])(
    'at %i×%i every figure and every row is that of one answer of /internal/live',
    async (columns, rows, key, code) => {
      const top = await runningTop(`--url ${tap.url} --interval 0.3`, columns, rows)
      await settled(top, has(/stalled +backend \d+s/))
      for (let round = 0; round < 2; round++) {
        const screens = [await paused(top)]
        for (const panel of panels) {
          top.terminal.press('z')
          screens.push(await settled(top, zoomedOn(panel)))
          top.terminal.press('z', 'Tab')
        }
        const shown = screens.flat().join('\n')
        expect(shown).toMatch(/client runs Bash/)
        for (const line of screens.flat()) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
        expect(faultsByBest(screens)).toEqual([])
        top.terminal.press('p')
        await settled(top, has(/● (live|0\.3s)/))
      }
      top.terminal.press(key)
      await expectGivenBack(top, code)
    },
    90_000,
  )

  it('obeys all keys of README while everything changes, and a terminal that is made smaller', async () => {
    const top = await runningTop(`--url ${tap.url} --interval 0.3`)
    const { terminal } = top
    await settled(top, has(/stalled +backend \d+s/))
    const press = async (keys: readonly string[], shows: (screen: string[]) => void) => {
      terminal.press(...keys)
      return await settled(top, shows)
    }
    const total = (screen: readonly string[]) => Number(/In flight (\d+)/.exec(screen.join('\n'))?.[1])

    // ? shows each key of README's table with its words.
    const readme = readFileSync('README.md', 'utf8')
    const table = /<!-- keys -->([\s\S]*)<!-- end of keys -->/.exec(readme)?.[1] ?? ''
    const keys = [...table.matchAll(/^\| (`.+`) +\| (.+?) +\|$/gm)].map(([, key = '', words = '']) => [
      key.replaceAll('`', ''),
      words,
    ])
    expect(keys).toHaveLength(21)
    const help = (await press(['?'], has('MOVE'))).join('\n')
    for (const [key = '', words = ''] of keys)
      expect(help).toMatch(new RegExp(`${escaped(key)} +${escaped(words)}`))
    await press(['Escape'], lacks('MOVE'))

    // A filter leaves what fits it, as it is typed, once it is taken, and until esc.
    await press(['/', 's', 't', 'a', 'l', 'l', 'e', 'd'], has('filter: stalled'))
    const filtered = await press(['Enter'], has(/filter stalled/))
    expect(inFlightRows(filtered).map(({ cells }) => cells.get('STATE'))).toEqual(['stalled'])
    await press(['Escape'], lacks(/filter stalled/))
    // e leaves trouble only.
    const trouble = await press(['e'], has('errors only   sort age'))
    for (const { cells } of inFlightRows(trouble))
      expect(cells.get('STATE')).toMatch(/stalled|retry|client slow/)
    await press(['e'], lacks('errors only   sort'))

    // s sorts by each column in turn, r turns it round; paused, as rows come and go.
    await paused(top)
    const order = (screen: readonly string[]) =>
      inFlightRows(screen).map(({ cells }) => cells.get('MODEL → BACKEND') ?? '')
    await press(['z'], zoomedOn('In flight'))
    // What is told is in the order of age.
    terminal.press('s')
    for (const column of ['state', 'client', 'session']) await press(['s'], has(`sort ${column} ─╮`))
    const sorted = await press(['s'], has('sort model ─╮'))
    expect(order(sorted)).toEqual(order(sorted).toSorted())
    expect(order(await press(['r'], has('sort model, reversed ─╮')))).toEqual(
      order(sorted).toSorted().reverse(),
    )
    await press(['z', 'p'], has('● live'))
    expect(total(sorted)).toBeGreaterThan(1)

    await terminalKeys(top, press)
    process.kill(top.pid(), 'SIGTERM')
    await expectGivenBack(top, 143)
  }, 90_000)

  it('keeps the last picture while the proxy is dead, says so, and goes on with the one that is started at its port', async () => {
    const top = await runningTop(`--url ${busy.proxy.url} --interval 0.3`)
    await settled(top, has('claude-sonnet-4-5 → anthropic'))
    await busy.kill()
    const away = await settled(top, has(/✖ unreachable .*retrying/))
    expect(away.join('\n')).toContain('claude-sonnet-4-5 → anthropic')
    expect(inFlightRows(away).length).toBeGreaterThan(1)
    expect(away.join('\n')).toMatch(/openrouter +(open|half-open)/)
    // Nothing but the line that says so changes.
    await settled(top, (screen) => expect(screen.slice(1)).toEqual(away.slice(1)))
    await busy.startAgain()
    const back = await settled(top, (screen) => {
      has('● live')(screen)
      // What was in flight is not, and what is asked now is there.
      lacks('claude-sonnet-4-5 → anthropic')(screen)
      has(/s-gemini|s-haiku|s-demo/)(screen)
    })
    expect(back.join('\n')).toContain('Backends')
    top.terminal.press('q')
    await expectGivenBack(top, 0)
  }, 90_000)
})

async function terminalKeys(
  top: RunningTop,
  press: (keys: readonly string[], shows: (screen: string[]) => void) => Promise<string[]>,
): Promise<void> {
  const { terminal } = top
  // Rows of backends stay where they are.
  const at = (row: number) => (screen: string[]) => expect(selectedAt(screen)).toBe(row)
  const selects = (row: number) => (screen: string[]) => {
    const backends = frames(screen).find(({ title }) => title === 'Backends')
    expect(backends?.lines.findIndex((line) => line.startsWith('▶'))).toBe(row + 1)
  }
  await press(['Tab'], selects(0))
  const last = 5
  await press(['Down'], selects(1))
  await press(['j'], selects(2))
  await press(['Up'], selects(1))
  await press(['k'], selects(0))
  await press(['G'], selects(last))
  await press(['g'], selects(0))
  await press(['NPage'], selects(last))
  await press(['PPage'], selects(0))
  await press(['c'], has(/copied: llmproxy usage recent --backend=\S+/))

  // Details; of another row with tab; longer than a small screen they are scrolled.
  await press(['j'], selects(1))
  await press(['Enter'], has(/esc back/))
  await press(['Tab'], has(/state +/))
  terminal.resize(80, 24)
  await settled(top, (screen) => {
    has(/lines 1 to \d+ of \d+ +esc back/)(screen)
    expect(screen[22]).toMatch(/↓ scroll .*esc back .*q quit/)
  })
  await press(['j'], has(/lines 2 to /))
  await press(['G'], (screen) => {
    const [, to, of] = /lines \d+ to (\d+) of (\d+)/.exec(screen.join('\n')) ?? ['', '', '-']
    expect(to).toBe(of)
  })
  await press(['g'], has(/lines 1 to /))
  terminal.resize(120, 30)
  await settled(top, has('╭─ Traffic '))
  await press(['Tab', 'Tab'], has(/openrouter [\s\S]*circuit breaker[\s\S]* \d\d:\d\d:\d\d +open /))
  await press(['Escape'], at(4))

  // Zoom, panels in both directions, and how often it asks.
  await press(['z'], zoomedOn('Backends'))
  await press(['z'], has('In flight'))
  await press(['BTab'], (screen) =>
    expect(inFlightRows(screen).some(({ isSelected }) => isSelected)).toBe(true),
  )
  await press(['+'], has('● live 0.2s'))
  await press(['-'], has('● live 0.5s'))
}

function escaped(text: string): string {
  return text.replace(/[?+^$()[\]{}|]/g, '\\$&')
}
