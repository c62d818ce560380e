import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { columnsOf } from '../../src/cli/text-width.ts'
import type { LiveSnapshot } from '../../src/core/live-snapshot.ts'
import { runningTop } from '../e2e/running-top.ts'
import {
  chatAnswer,
  chatFrames,
  type FakeProvider,
  openaiError,
  paced,
  stall,
  startFakeProvider,
  streamHead,
} from '../support/fake-provider.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'
import { hasTerminals } from '../support/terminal.ts'

/** The demo, a backend that fails, one that goes silent, and a session that waits for its client's tool. */
let providers: FakeProvider[] = []
let proxy: SpawnedProxy
const leaving = new AbortController()
let asking: Promise<unknown>

beforeAll(async () => {
  providers = await Promise.all([startFakeProvider(), startFakeProvider(), startFakeProvider()])
  const [failing, silent, tools] = providers as [FakeProvider, FakeProvider, FakeProvider]
  failing.answer(openaiError(500))
  silent.answer([streamHead(), paced(chatFrames(['It ', 'begins '], {}).slice(0, 2)), stall()])
  tools.answer(chatAnswer({ toolCalls: [{ id: 'call_1', name: 'Bash', arguments: { command: 'make' } }] }))
  const backend = ({ url }: FakeProvider) => ({
    ...{ type: 'openai', api_url: `${url}/v1`, api_key: 'sk-000000000000000000000000' },
  })
  proxy = await spawnProxy({
    config: {
      backends: {
        'openai.failing': backend(failing),
        'openai.silent': backend(silent),
        'openai.tools': backend(tools),
      },
      failure_handling: { max_wait_seconds: 0 },
    },
  })
  void ask('openai.silent:m', true, 's-silent')
  await ask('openai.tools:m', false, 's-tools')
  asking = keepBusy()
})
afterAll(async () => {
  leaving.abort()
  await asking
  await proxy.stop()
  await Promise.all(providers.map((provider) => provider.close()))
})

async function keepBusy(): Promise<void> {
  for (let turn = 0; !leaving.signal.aborted; turn++) {
    const model = turn % 5 === 4 ? 'openai.failing:m' : 'demo:echo'
    await ask(model, turn % 2 === 0, 's-busy')
  }
}

async function ask(model: string, stream: boolean, session: string): Promise<void> {
  const body = { model, stream, messages: [{ role: 'user', content: 'hello '.repeat(20) }] }
  const options = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-session-id': session },
    body: JSON.stringify(body),
    signal: leaving.signal,
  }
  await fetch(`${proxy.url}/v1/chat/completions`, options)
    .then((answer) => answer.text())
    .catch(() => '')
}

async function live(): Promise<LiveSnapshot> {
  return (await (await fetch(`${proxy.url}/internal/live?limit=100`)).json()) as LiveSnapshot
}

describe.skipIf(!hasTerminals)('top on a busy proxy (needs tmux; skipped where it is not installed)', () => {
  it.each([
    [120, 30],
    [80, 24],
  ])(
    'at %i×%i says whom everything waits for, in the figures of /internal/live',
    async (columns, rows) => {
      const { terminal, text } = await runningTop(`--url ${proxy.url} --interval 0.5`, columns, rows)
      await vi.waitFor(() => expect(text()).toMatch(/stalled +backend \d+s/), {
        timeout: 40_000,
        interval: 200,
      })
      for (const line of terminal.shown()) expect(columnsOf(line)).toBeLessThanOrEqual(columns)

      // The screen is of a moment between two answers, or of one of them.
      await vi.waitFor(
        async () => {
          const before = await live()
          const shown = text()
          const after = await live()
          const between = (figure: (snapshot: LiveSnapshot) => number, pattern: RegExp) => {
            const found = Number(pattern.exec(shown)?.[1]?.replaceAll(',', ''))
            expect(found).toBeGreaterThanOrEqual(Math.min(figure(before), figure(after)) - 1)
            expect(found).toBeLessThanOrEqual(Math.max(figure(before), figure(after)))
          }
          between(({ in_flight_total }) => in_flight_total, /(\d+) in flight/)
          between(({ issues_total }) => issues_total, /▲ ?(\d+)/)
          if (columns === 120) {
            between(({ traffic }) => traffic.requests, /errors .* of (\d+)/)
            between(({ traffic }) => traffic.errors, /errors .* (\d+) of \d+/)
            between(({ sessions_total }) => sessions_total, /Sessions (\d+)/)
            const state = (name: string) => before.backends.find((backend) => backend.name === name)?.state
            expect(shown).toMatch(new RegExp(`openai\\.failing +${state('openai.failing')}`))
          }
        },
        { timeout: 20_000, interval: 150 },
      )

      // Its session waits for the client's tool.
      if (columns === 80) terminal.press('Tab', 'Tab', 'Tab')
      await vi.waitFor(() => expect(text()).toMatch(/Bash/), { timeout: 15_000, interval: 200 })
      terminal.press('q')
      await vi.waitFor(() => expect(text()).toContain('ended with 0'), { timeout: 15_000, interval: 100 })
    },
    120_000,
  )
})
