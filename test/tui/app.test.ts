import { render } from 'ink-testing-library'
import { createElement } from 'react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ProxyAway } from '../../src/cli/api-client.ts'
import { App } from '../../src/tui/app.tsx'
import type { Size } from '../../src/tui/state.ts'
import { anExchange, aSnapshot, atMs } from './a-snapshot.ts'

const in_flight = [
  anExchange({ id: 'x_1' }),
  anExchange({ id: 'x_2', client_app: 'aider', state: 'stalled' }),
]

function started() {
  const world = { isAway: false, asked: 0, written: '', resized: (_: Size) => {} }
  const source = {
    ...{ label: '127.0.0.1:8000', isDemo: false },
    next: () => {
      world.asked++
      if (world.isAway) return Promise.reject(new ProxyAway('http://127.0.0.1:8000', null))
      return Promise.resolve(aSnapshot({ in_flight }))
    },
  }
  const beginning = {
    ...{ label: source.label, isDemo: false, size: { columns: 100, rows: 30 }, nowMs: atMs, intervalMs: 100 },
    ...{ snapshot: aSnapshot({ in_flight }), connectLines: [] },
  }
  const app = render(
    createElement(App, {
      ...{ beginning, source, nowMs: () => atMs },
      onResize: (changed) => {
        world.resized = changed
        return () => {}
      },
      write: (sequence) => {
        world.written += sequence
      },
    }),
  )
  onTestFinished(() => app.unmount())
  const shows = (text: string | RegExp) =>
    vi.waitFor(() =>
      typeof text === 'string'
        ? expect(app.lastFrame()).toContain(text)
        : expect(app.lastFrame()).toMatch(text),
    )
  return { app, world, shows, press: (keys: string) => app.stdin.write(keys) }
}

describe('the app', () => {
  it('obeys keys: moves, filters, opens and closes details, helps', async () => {
    const { shows, press, app } = started()
    await shows('▶x_1')
    press('jk')
    press('j')
    await shows('▶x_2')
    // Keys that come in one piece, before anything is drawn.
    press('/sonnet')
    press(' !aider')
    await shows('1 of 2')
    press('x\u007f\r')
    await shows(/filter sonnet !aider/)
    press('\r')
    await shows('x_1  streaming')
    press('\u001b')
    await shows('In flight 2')
    press('?')
    await shows('Help')
    expect(app.lastFrame()).toContain('copy as a command')
  })

  it('goes from panel to panel, however fast the keys come', async () => {
    const { shows, press } = started()
    press('\t\tz')
    await shows('▶13:')
    press('\t')
    await shows('▶s41c-lon')
  })

  it('copies the row as a command through the terminal', async () => {
    const { world, shows, press } = started()
    await shows('▶x_1')
    press('c')
    await shows('copied: llmproxy show x_1')
    expect(world.written).toBe(`\u001b]52;c;${Buffer.from('llmproxy show x_1').toString('base64')}\u0007`)
  })

  it('keeps asking, and keeps the picture while the proxy is away', async () => {
    const { world, shows } = started()
    await vi.waitFor(() => expect(world.asked).toBeGreaterThan(2))
    world.isAway = true
    await shows('✖ unreachable')
    await shows('▶x_1')
    world.isAway = false
    await shows('● live')
  })

  it('asks at another rate when told', async () => {
    const { shows, press } = started()
    await shows('● live 0.1s')
    press('-')
    await shows('● live 0.2s')
    press('+')
    await shows('● live 0.2s')
  })

  it('goes with the size of the terminal', async () => {
    const { world, shows, app } = started()
    await shows('Traffic')
    world.resized({ columns: 80, rows: 20 })
    await vi.waitFor(() => expect(app.lastFrame()?.split('\n')).toHaveLength(19))
    world.resized({ columns: 50, rows: 20 })
    await shows('make the window larger')
  })

  it('ends with q, and asks no more', async () => {
    const { world, press, shows, app } = started()
    await shows('● live')
    press('q')
    await vi.waitFor(() => expect(app.stdin.listenerCount('readable')).toBe(0))
    const { asked } = world
    await new Promise((resolve) => setImmediate(resolve))
    expect(world.asked).toBeLessThanOrEqual(asked + 1)
  })
})
