import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loading, loadingText } from './loading.ts'

describe('where values come from', () => {
  test('without a file everything has its default, and ledger and captures lie in LLMPROXY_HOME', async () => {
    const { folder, load } = loading()
    const { config, file, home, backendsInFile } = await load()
    expect(file).toBeNull()
    expect(home).toBe(join(folder, 'home'))
    expect(backendsInFile).toBe(false)
    expect(config.host).toBe('127.0.0.1')
    expect(config.port).toBe(8000)
    expect(config.auth.api_keys).toEqual([])
    expect(config.failure_handling.total_budget_seconds).toBe(90)
    expect(config.usage_tracking.persistence_path).toBe(join(folder, 'home/usage.db'))
    expect(config.wire_capture.output_dir).toBe(join(folder, 'home/captures'))
    expect(config.wire_capture.mode).toBe('off')
  })

  test('a flag wins over a variable, a variable over the file, the file over the default', async () => {
    const text = 'host: 127.0.0.2\nport: 1\nmax_body_mb: 3\n'
    const scene = {
      env: { LLMPROXY_PORT: '2', LLMPROXY_HOST: '127.0.0.3' },
      flags: { port: 4, host: undefined },
    }
    const { config, origins } = await loadingText(text, scene).load()
    expect([config.port, config.host, config.max_body_mb, config.max_bodies_mb]).toEqual([
      4,
      '127.0.0.3',
      3,
      512,
    ])
    expect(origins.get('port')).toBe('flag')
    expect(origins.get('host')).toBe('env LLMPROXY_HOST')
    expect(origins.get('max_body_mb')).toBe('file:3')
    expect(origins.get('max_bodies_mb')).toBe('default')
  })

  test.each([
    ['a flag', { configPath: '../a.yaml' }, {}, 1],
    ['LLMPROXY_CONFIG', {}, { LLMPROXY_CONFIG: '../b.yaml' }, 2],
    ['the working directory', {}, {}, 3],
    ['our folder where ./config.yaml is not looked at', { implicit: false }, {}, 4],
  ])('the file is the one of %s', async (_, scene, env, port) => {
    const files = {
      'a.yaml': 'port: 1',
      'b.yaml': 'port: 2',
      'here/config.yaml': 'port: 3\nbackends: {}',
      'home/config.yaml': 'port: 4',
    }
    const { config } = await loading({ files, env, ...scene }).load()
    expect(config.port).toBe(port)
  })

  test('a named file comes before LLMPROXY_CONFIG', async () => {
    const files = { 'a.yaml': 'port: 1', 'b.yaml': 'port: 2' }
    const env = { LLMPROXY_CONFIG: '../b.yaml' }
    expect((await loading({ files, env, configPath: '../a.yaml' }).load()).config.port).toBe(1)
  })

  test("another program's ./config.yaml is skipped with one line", async () => {
    for (const text of ['port: 3\nhost: 0.0.0.0', '- a\n- b', 'a: [', 'just text']) {
      const { config, file, notices } = await loading({ files: { 'here/config.yaml': text } }).load()
      expect([config.port, file]).toEqual([8000, null])
      expect(notices).toHaveLength(1)
      expect(notices[0]).toContain('--config ./config.yaml')
    }
  })

  test('a broken ./config.yaml that is ours is a fault, not skipped', async () => {
    for (const rest of ['  openai: {api_key: *nobody}', '  openai: [']) {
      const files = { 'here/config.yaml': `backends:\n${rest}\n` }
      const { faults } = await loading({ files }).faults()
      expect(faults[0]?.file).toBe('./config.yaml')
      expect(faults[0]?.message).toContain('is not valid YAML')
    }
  })

  test('a named file that is not there is a fault that names it', async () => {
    const { message } = await loading({ configPath: 'gone.yaml' }).faults()
    expect(message).toContain('gone.yaml: there is no such file')
    expect(message).toContain('config init')
  })

  test('an empty file is a file with nothing in it', async () => {
    expect((await loadingText('# nothing\n').load()).config.port).toBe(8000)
  })

  test('a file with backends says so, and so does a variable', async () => {
    expect((await loadingText('port: 1').load()).backendsInFile).toBe(false)
    expect((await loadingText('backends: {openai: {}}').load()).backendsInFile).toBe(true)
    expect((await loading({ env: { LLMPROXY_BACKENDS: '{"openai":{}}' } }).load()).backendsInFile).toBe(true)
  })
})

describe('relative paths', () => {
  test('in a file start from that file', async () => {
    const text = 'usage_tracking: {persistence_path: ./var/u.json}\nwire_capture: {output_dir: caps}'
    const { folder, load } = loading({ files: { 'x/c.yaml': text }, configPath: '../x/c.yaml' })
    const { config } = await load()
    expect(config.usage_tracking.persistence_path).toBe(join(folder, 'x/var/u.json'))
    expect(config.wire_capture.output_dir).toBe(join(folder, 'x/caps'))
  })

  test('in variables and flags start from the working directory', async () => {
    const { folder, load } = loadingText('port: 1', {
      env: { USAGE_TRACKING_PERSISTENCE_PATH: 'u.db' },
      flags: { 'wire_capture.output_dir': 'caps' },
    })
    const { config } = await load()
    expect(config.usage_tracking.persistence_path).toBe(join(folder, 'here/u.db'))
    expect(config.wire_capture.output_dir).toBe(join(folder, 'here/caps'))
  })

  test('a key that the file does not name stays in LLMPROXY_HOME', async () => {
    const { folder, load } = loadingText('usage_tracking: {retention_days: 3}')
    expect((await load()).config.usage_tracking.persistence_path).toBe(join(folder, 'home/usage.db'))
  })

  test('a database URL is no path', async () => {
    const { config } = await loadingText('usage_tracking: {persistence_path: "postgres://db/x"}').load()
    expect(config.usage_tracking.persistence_path).toBe('postgres://db/x')
  })
})

describe("the founding page's block", () => {
  test('loads as it is, named or as ./config.yaml', async () => {
    const text = readFileSync(new URL('./fixtures/founding-page.yaml', import.meta.url), 'utf8')
    const { folder, load } = loading({ files: { 'here/config.yaml': text } })
    const { config, notices } = await load()
    expect(notices).toEqual([])
    expect(config.usage_tracking.persistence_path).toBe(join(folder, 'here/var/usage_data.json'))
    expect(config.wire_capture.output_dir).toBe(join(folder, 'here/var/wire_captures'))
    expect([config.wire_capture.enabled, config.wire_capture.mode]).toEqual([true, 'all'])
    expect(config.health_check.http.interval_seconds).toBe(60)
    await expect(loadingText(text).load()).resolves.toBeDefined()
  })

  test('its variables work without the prefix', async () => {
    const env = {
      USAGE_TRACKING_ENABLED: 'true',
      USAGE_TRACKING_PERSISTENCE_PATH: './var/usage_data.json',
      WIRE_CAPTURE_ENABLED: 'true',
      WIRE_CAPTURE_OUTPUT_DIR: './var/wire_captures',
    }
    const { folder, load } = loading({ env })
    const { config, origins } = await load()
    expect(config.usage_tracking.persistence_path).toBe(join(folder, 'here/var/usage_data.json'))
    expect(config.wire_capture).toMatchObject({
      mode: 'all',
      output_dir: join(folder, 'here/var/wire_captures'),
    })
    expect(origins.get('wire_capture.mode')).toBe('env WIRE_CAPTURE_ENABLED')
  })
})

describe('the two switches of the capture', () => {
  test.each([
    ['enabled: true', {}, 'all'],
    ['enabled: true, mode: recent', {}, 'recent'],
    ['enabled: false, mode: all', {}, 'all'],
    ['mode: recent', {}, 'recent'],
    ['mode: all', { WIRE_CAPTURE_ENABLED: 'off' }, 'off'],
    ['mode: off', { WIRE_CAPTURE_ENABLED: 'on' }, 'all'],
    ['mode: recent', { WIRE_CAPTURE_ENABLED: 'on' }, 'all'],
    ['enabled: false', { WIRE_CAPTURE_MODE: 'recent' }, 'recent'],
  ])('{%s} with %j is mode %s', async (keys, env, mode) => {
    const { config } = await loadingText(`wire_capture: {${keys}}`, { env }).load()
    expect(config.wire_capture).toMatchObject({ mode, enabled: mode !== 'off' })
  })
})
