import { describe, expect, test } from 'vitest'
import { formatPath } from '../../src/config/paths.ts'
import { configRows, configText } from '../../src/config/show.ts'
import { loadingText } from './loading.ts'

const planted = 'planted-0123456789-abcdef'
const text = `
auth:
  api_keys:
    - ${planted}
    - {name: alice, key: ${planted}x, models: ["claude-*"]}
    - {name: bob, key_sha256: ${'ab'.repeat(32)}}
backends:
  openai.eu:
    api_key: ${planted}y
    headers: {x-team: ${planted}z}
    models: [a, "\${PLANTED}"]
  groq: {api_key: ""}
default_backend: "\${PLANTED}"
logging: {level: "\${LEVEL:-}info"}
usage_tracking: {persistence_path: "postgres://me:${planted}@db.example/x"}
`

async function rows() {
  const env = { PLANTED: planted, LLMPROXY_PORT: '9' }
  return configRows(await loadingText(text, { env }).load())
}

async function shown(path: string) {
  return (await rows()).find((row) => formatPath(row.path) === path)
}

describe('the configuration as it is shown', () => {
  test.each([
    ['auth.api_keys[0]', 'set'],
    ['auth.api_keys[1].key', 'set'],
    ['auth.api_keys[1].name', 'alice'],
    ['auth.api_keys[1].models', ['claude-*']],
    ['auth.api_keys[2].key_sha256', 'set'],
    ['backends["openai.eu"].api_key', 'set'],
    ['backends["openai.eu"].headers.x-team', 'set'],
    ['backends["openai.eu"].models', 'set'],
    ['backends.groq.api_key', 'not set'],
    ['backends.groq.headers', {}],
    ['default_backend', 'set'],
    ['logging.level', 'set'],
    ['host', '127.0.0.1'],
  ])('%s is shown as %j', async (path, value) => {
    expect((await shown(path))?.value).toEqual(value)
  })

  test('has no secret in any row, as data or as text', async () => {
    const all = await rows()
    expect(JSON.stringify(all)).not.toContain('planted-')
    expect(configText(all, 'x.yaml')).not.toContain('planted-')
    expect((await shown('usage_tracking.persistence_path'))?.value).toContain('db.example')
  })

  test('says where each value came from', async () => {
    expect((await shown('port'))?.origin).toBe('env LLMPROXY_PORT')
    expect((await shown('auth.api_keys[1].name'))?.origin).toBe('file:5')
    expect((await shown('auth.api_keys[1].role'))?.origin).toBe('default')
    expect((await shown('backends.groq.api_key'))?.origin).toBe('file:12')
  })

  test('hides everything that one reference brought', async () => {
    const env = { ALL: '{"openai":{"api_url":"http://planted-host/v1"}}' }
    const loaded = await loadingText(`backends: "\${ALL}"`, { env }).load()
    expect(loaded.config.backends.openai?.api_url).toBe('http://planted-host/v1')
    expect(JSON.stringify(configRows(loaded))).not.toContain('planted-')
  })

  test('as text has the shape of the file', async () => {
    const { load } = loadingText('logging: {level: warn}\nbackends: {openai.eu: {models: [a]}}')
    const lines = configText(configRows(await load()), '/x/named.yaml').split('\n')
    expect(lines[0]).toBe('# file: /x/named.yaml')
    expect(lines).toContain('logging:')
    expect(lines.find((line) => line.startsWith('  level:'))).toMatch(/^ {2}level: "warn" +# file:1$/)
    expect(lines.indexOf('  openai.eu:')).toBe(lines.indexOf('backends:') + 1)
    expect(lines.find((line) => line.startsWith('    models:'))).toMatch(/models: \["a"\] +# file:2$/)
    expect(lines.find((line) => line.startsWith('port:'))).toMatch(/port: 8000 +# default$/)
  })
})

test('a number or a switch that came from a reference is shown: it is no secret', async () => {
  const loaded = await loadingText(
    `port: "\${PORT:-8123}"\nusage_tracking: {enabled: "\${ON:-false}"}`,
  ).load()
  const rows = configRows(loaded)
  const shownAt = (name: string) => rows.find(({ path }) => path.join('.') === name)?.value
  expect([shownAt('port'), shownAt('usage_tracking.enabled')]).toEqual([8123, false])
})
