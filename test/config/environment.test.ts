import { describe, expect, test } from 'vitest'
import { fixedVariables, readEnvironment } from '../../src/config/environment.ts'
import { loading, loadingText } from './loading.ts'

describe('variables', () => {
  test('every name means one key only', () => {
    const names = fixedVariables.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('LLMPROXY_PORT')
    expect(names).toContain('LLMPROXY_RESILIENCE_CIRCUIT_BREAKER_OPEN_SECONDS')
  })

  test('only the four sections of the founding page are read without the prefix', () => {
    const bare = fixedVariables.filter(({ name }) => !name.startsWith('LLMPROXY_'))
    expect(new Set(bare.map(({ path }) => path[0]))).toEqual(
      new Set(['usage_tracking', 'wire_capture', 'health_check', 'replacement']),
    )
    expect(bare.map(({ name }) => name)).toContain('HEALTH_CHECK_PING_INTERVAL_SECONDS')
    expect(bare.map(({ name }) => name)).not.toContain('REPLACEMENT')
  })

  test('bare names of other sections are not read', async () => {
    const env = { PORT: '1', HOST: 'x', LOGGING_LEVEL: 'error', DEFAULT_BACKEND: 'x', REPLACEMENT: 'yes' }
    const { config, notices } = await loading({ env }).load()
    expect([config.port, config.host, config.logging.level, config.default_backend]).toEqual([
      8000,
      '127.0.0.1',
      'info',
      null,
    ])
    expect(notices).toEqual([])
  })

  test('the prefixed name wins', async () => {
    const env = { LLMPROXY_REPLACEMENT_TURN_COUNT: '2', REPLACEMENT_TURN_COUNT: '3' }
    const { config, origins } = await loading({ env }).load()
    expect(config.replacement.turn_count).toBe(2)
    expect(origins.get('replacement.turn_count')).toBe('env LLMPROXY_REPLACEMENT_TURN_COUNT')
  })

  test.each([
    ['1', true],
    ['true', true],
    ['YES', true],
    ['On', true],
    ['0', false],
    ['False', false],
    ['no', false],
    ['OFF', false],
  ])('%s is %s', async (text, expected) => {
    const env = { LLMPROXY_AUTH_DISABLE_AUTH: text, HEALTH_CHECK_ENABLED: text }
    const { config } = await loading({ env }).load()
    expect([config.auth.disable_auth, config.health_check.enabled]).toEqual([expected, expected])
  })

  test.each(['maybe', '2', 'truee', '-'])('%s is neither true nor false', async (text) => {
    const { message } = await loading({ env: { USAGE_TRACKING_ENABLED: text } }).faults()
    expect(message).toBe(
      `USAGE_TRACKING_ENABLED: usage_tracking.enabled: got "${text}"; allowed: 1 true yes on, or 0 false no off`,
    )
  })

  test.each(['0x10', '1e', '', ' ', 'Infinity', '1_000'])('%j is no number', (text) => {
    const { faults, overrides } = readEnvironment({ LLMPROXY_MAX_BODY_MB: text }, [])
    // An empty variable is one that is not set.
    expect([faults.length, overrides.length]).toEqual(text === '' ? [0, 0] : [1, 0])
  })

  test('lists and mappings are JSON', async () => {
    const env = {
      LLMPROXY_AUTH_API_KEYS: '["0123456789abcdef"]',
      LLMPROXY_FAILOVER_ROUTES: '{"m":["a","b"]}',
      LLMPROXY_BACKENDS: '{"openai.eu":{"models":["m"]}}',
    }
    const { config } = await loading({ env }).load()
    expect(config.auth.api_keys).toEqual(['0123456789abcdef'])
    expect(config.failover_routes).toEqual({ m: ['a', 'b'] })
    expect(config.backends['openai.eu']?.models).toEqual(['m'])
  })

  test("a section's mapping sets the keys that it names; more exact names win; others stay", async () => {
    const env = {
      LLMPROXY_HEALTH_CHECK: '{"enabled":false,"ping":{"interval_seconds":7}}',
      LLMPROXY_HEALTH_CHECK_PING_INTERVAL_SECONDS: '8',
    }
    const text = 'health_check: {notify_backends: false, ping: {timeout_seconds: 2}}'
    const { config } = await loadingText(text, { env }).load()
    expect(config.health_check).toMatchObject({ enabled: false, notify_backends: false })
    expect(config.health_check.ping).toMatchObject({ interval_seconds: 8, timeout_seconds: 2, enabled: true })
  })

  test('an unknown key in a variable is a fault of the variable', async () => {
    const { message } = await loading({ env: { LLMPROXY_LOGGING: '{"lvel":"info"}' } }).faults()
    expect(message).toContain('LLMPROXY_LOGGING: logging.lvel: unknown key "lvel"; did you mean level?')
  })

  test('a misspelt variable is a notice with the nearest name, and stops nothing', async () => {
    const { notices } = await loading({
      env: { LLMPROXY_PROT: '1', LLMPROXY_URL: 'x', LLMPROXY_API_KEY: 'y' },
    }).load()
    expect(notices).toEqual([
      'the variable LLMPROXY_PROT names no key of the configuration and is not used; did you mean LLMPROXY_PORT?',
    ])
  })

  test('null is a value where there may be none', async () => {
    const env = { USAGE_TRACKING_RETENTION_DAYS: 'null', LLMPROXY_DEFAULT_BACKEND: 'null' }
    const text = 'usage_tracking: {retention_days: 3}\ndefault_backend: openai'
    const { config } = await loadingText(text, { env }).load()
    expect([config.usage_tracking.retention_days, config.default_backend]).toEqual([null, null])
  })
})

describe('variables of backends', () => {
  test('mean a backend of the file, dots and dashes written as underscores', async () => {
    const env = { LLMPROXY_BACKENDS_OPENAI_EU_WEST_TIMEOUTS_IDLE_SECONDS: '9' }
    const { config } = await loadingText('backends: {openai.eu-west: {}}', { env }).load()
    expect(config.backends['openai.eu-west']?.timeouts.idle_seconds).toBe(9)
  })

  test('else make one', async () => {
    const env = {
      LLMPROXY_BACKENDS_OPENAI_API_URL: 'http://127.0.0.1:1/v1',
      LLMPROXY_BACKENDS_OPENAI_API_KEY: 'k',
    }
    const { config, backendsInFile } = await loading({ env }).load()
    expect(config.backends.openai).toMatchObject({ api_url: 'http://127.0.0.1:1/v1', api_key: 'k' })
    expect(backendsInFile).toBe(true)
  })

  test('the longest key at the end of the name is meant', async () => {
    const env = {
      LLMPROXY_BACKENDS_A_TRUST_CLIENT_CREDENTIALS: 'yes',
      LLMPROXY_BACKENDS_A_ON_CLIENT_DISCONNECT: '{"drain_seconds":3}',
    }
    const { config } = await loading({ env }).load()
    expect(Object.keys(config.backends)).toEqual(['a'])
    expect(config.backends.a?.trust_client_credentials).toBe(true)
    expect(config.backends.a?.on_client_disconnect).toEqual({ drain_seconds: 3 })
  })

  test('never make a prototype', async () => {
    const { config, notices } = await loading({ env: { LLMPROXY_BACKENDS___PROTO___MODELS: '["x"]' } }).load()
    expect(config.backends).toEqual({})
    expect(notices).toHaveLength(1)
  })
})
