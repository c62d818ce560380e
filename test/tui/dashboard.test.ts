import chalk, { type ColorSupportLevel } from 'chalk'
import { renderToString } from 'ink'
import { createElement } from 'react'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { tellingS } from '../../src/tui/demo/demo-source.ts'
import { Minute } from '../../src/tui/demo/minute.ts'
import { Picture } from '../../src/tui/picture.tsx'
import { initialState, type TopState } from '../../src/tui/state.ts'
import { aQuietSnapshot, aState } from './a-snapshot.ts'

const level = chalk.level
beforeAll(() => void vi.stubEnv('TZ', 'UTC'))
afterAll(() => void vi.unstubAllEnvs())
afterEach(() => {
  chalk.level = level
})

function rendered(state: TopState, colours: ColorSupportLevel): string {
  chalk.level = colours
  return renderToString(createElement(Picture, { state }), { columns: state.size.columns })
}

function recorded(columns: number, rows: number): TopState {
  const snapshot = new Minute().at(tellingS)
  const size = { columns, rows }
  const beginning = { label: '127.0.0.1:8000', isDemo: true, intervalMs: 1_000, connectLines: [] }
  return initialState({ ...beginning, size, nowMs: Date.parse(snapshot.at), snapshot })
}

const colours = /\u001b\[[\d;]*m/g

describe('the dashboard', () => {
  it.each([
    [80, 24],
    [120, 30],
    [200, 50],
  ])('at %i×%i', (columns, rows) => {
    const plain = rendered(recorded(columns, rows), 0)
    expect(plain).toMatchSnapshot()
    expect(plain.split('\n')).toHaveLength(rows - 1)
    expect(plain).not.toContain('\u001b')
    // Without colours nothing is lost but the colours.
    const coloured = rendered(recorded(columns, rows), 1)
    expect(coloured.replace(colours, '').replace(/ +$/gm, '')).toBe(plain)
  })

  it('in colours', () => {
    expect(rendered(recorded(80, 24), 1)).toMatchSnapshot()
  })

  it('without traffic', () => {
    expect(rendered(aState(aQuietSnapshot(), { columns: 80, rows: 24 }), 0)).toMatchSnapshot()
  })

  it.each(['help', 'details'] as const)('with %s', (mode) => {
    const state = recorded(80, 24)
    const id = state.snapshot?.in_flight[0]?.id ?? ''
    expect(rendered({ ...state, mode, details: { panel: 'in_flight', id } }, 0)).toMatchSnapshot()
  })
})
