import { expect, test } from 'vitest'
import { startText } from '../../../src/cli/serve/start-text.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { RunningProxy } from '../../../src/server/running-proxy.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const nothing = () => Promise.resolve()

function aProxy(overrides: Partial<RunningProxy> = {}): RunningProxy {
  return {
    url: 'http://127.0.0.1:8000',
    host: '127.0.0.1',
    port: 8000,
    backends: [{ name: 'openai', credential: "the client's own" }],
    accessKeys: 0,
    ledgerPath: null,
    close: nothing,
    reload: nothing,
    reportFault: () => undefined,
    ...overrides,
  }
}

/** The text for an environment, in a home of its own. */
async function textFor(proxy: RunningProxy, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const folder = tempFolder()
  const whole = { HOME: folder, LLMPROXY_HOME: folder, ...env }
  const loaded = await loadConfig({ env: whole, cwd: folder, knownHosts: [] })
  return startText(proxy, loaded, '1.0.0', whole)
}

test('three clients can be connected by pasting a line, and demo:echo answers at once', async () => {
  const text = await textFor(aProxy())
  expect(text).toContain('export ANTHROPIC_BASE_URL=http://127.0.0.1:8000')
  expect(text).toContain('codex -c model_provider=llmproxy')
  expect(text).toContain('export OPENAI_BASE_URL=http://127.0.0.1:8000/v1')
  expect(text).toMatch(/curl http:\/\/127\.0\.0\.1:8000\/v1\/chat\/completions .*demo:echo/)
})

test('with access keys the lines send the one in LLMPROXY_API_KEY, and never its value', async () => {
  const text = await textFor(aProxy({ accessKeys: 1 }), { LLMPROXY_API_KEY: 'lp_0123456789abcdef' })
  expect(text).toContain('"x-llmproxy-key: $LLMPROXY_API_KEY"')
  expect(text).not.toContain('lp_0123')
})

test('what listens everywhere is reached on this machine by loopback', async () => {
  const text = await textFor(aProxy({ host: '0.0.0.0', url: 'http://0.0.0.0:8000', accessKeys: 1 }))
  expect(text).toContain('curl http://127.0.0.1:8000/')
})

test('where the log is asked to be JSON it is one line of JSON', async () => {
  const text = await textFor(aProxy(), { LLMPROXY_LOGGING_FORMAT: 'json' })
  expect(JSON.parse(text)).toMatchObject({ level: 'info', msg: 'listening', url: 'http://127.0.0.1:8000' })
})
