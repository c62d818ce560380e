import { describe, expect, it, vi } from 'vitest'
import { columnsOf } from '../../src/cli/text-width.ts'
import { startFakeProvider, whole } from '../support/fake-provider.ts'
import { runProgram } from '../support/run-program.ts'
import { hasTerminals, type Terminal } from '../support/terminal.ts'
import { aSnapshot } from '../tui/a-snapshot.ts'
import { runningTop, soon } from './running-top.ts'

/** Every frame is closed at the last column: nothing was cut, and nothing is left of another picture. */
function expectWhole(terminal: Terminal, columns: number, rows: number): void {
  const lines = terminal.shown()
  expect(lines[rows - 2]).toContain('? help')
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
  const framed = lines.filter((line) => /^[╭│╰]/.test(line))
  expect(framed.length).toBeGreaterThan(5)
  for (const line of framed)
    expect([columnsOf(line), line.at(-1)]).toEqual([columns, expect.stringMatching(/[╮│╯]/)])
}

describe.skipIf(!hasTerminals)('top on a terminal (needs tmux; skipped where it is not installed)', () => {
  it.each([
    [120, 30],
    [80, 24],
  ])(
    'fits into %i×%i, on a screen of its own',
    async (columns, rows) => {
      const { terminal } = await runningTop('--demo', columns, rows)
      expectWhole(terminal, columns, rows)
      expect(terminal.shown()[0]).toMatch(/^ llmproxy top .*demo/)
      expect(terminal.screen()).toEqual({ isAlternate: true, hasCursor: false })
    },
    40_000,
  )

  it('goes with the terminal as that is made smaller and larger', async () => {
    const { terminal, text } = await runningTop('--demo')
    for (const [columns, rows] of [
      [80, 24],
      [130, 40],
      [60, 15],
    ] as const) {
      terminal.resize(columns, rows)
      await vi.waitFor(() => expectWhole(terminal, columns, rows), soon)
    }
    terminal.resize(40, 10)
    await vi.waitFor(() => expect(text()).toContain('make the window larger'), soon)
    expect(text()).not.toContain('│')
  }, 60_000)

  it('keeps the last picture while the proxy is away, and goes on when it is back', async () => {
    const proxy = await startFakeProvider(whole(200, aSnapshot()))
    const { text } = await runningTop(`--url ${proxy.url} --interval 0.2`)
    expect(text()).toContain('● live')
    proxy.answer(whole(500, { error: { message: 'it broke' } }))
    await vi.waitFor(() => expect(text()).toContain('✖ unreachable'), soon)
    expect(text()).toContain('claude-sonnet-4-5')
    proxy.answer(whole(200, aSnapshot()))
    await vi.waitFor(() => expect(text()).toContain('● live'), soon)
    await proxy.close()
  }, 60_000)
})

it('without a terminal prints one picture and ends with 0', async () => {
  const { stdout, stderr, exitCode } = await runProgram(['top', '--demo'], { HOME: '/nowhere', TZ: 'UTC' })
  expect([stderr, exitCode]).toEqual(['', 0])
  expect(stdout).toContain('─ Backends ')
}, 20_000)
