import { describe, expect, test } from 'vitest'
import { formatFault } from '../../src/config/faults.ts'
import { loading, loadingText } from './loading.ts'

test.each(['localhost', '0.0.0.0', '::', '[::1]', 'fe80::1%eth0', 'box.example_1.lan'])(
  '%s is a host to listen on',
  async (host) => {
    const { config } = await loadingText(`host: "${host}"`).load()
    expect(config.host).toBe(host)
  },
)

describe('one message per fault', () => {
  test.each([
    [
      'an unknown key',
      'prot: 1',
      'named.yaml:1:1: prot: unknown key "prot"; did you mean port? known here: host, port',
    ],
    [
      'an unknown key below',
      'a: 1\nlogging:\n  lvel: info',
      'named.yaml:3:3: logging.lvel: unknown key "lvel"; did you mean level?',
    ],
    ['a wrong type', 'port: abc', 'named.yaml:1:7: port: got "abc"; allowed: a whole number from 0 to 65535'],
    ['a number out of range', 'port: 70000', 'port: got 70000; allowed: a whole number from 0 to 65535'],
    ['a fraction', 'port: 1.5', 'port: got 1.5; allowed: a whole number'],
    ['not a number', 'max_body_mb: .nan', 'max_body_mb: got NaN; allowed: a number'],
    [
      'a word of YAML 1.1',
      'auth: {disable_auth: yes}',
      'auth.disable_auth: got "yes"; allowed: true or false',
    ],
    [
      'a choice',
      'logging: {level: inf}',
      'logging.level: got "inf"; allowed: one of debug, info, warn, error',
    ],
    [
      'a section without value',
      'backends:',
      'backends: has no value; allowed: a mapping; to take the default, remove the line',
    ],
    ['a list for a mapping', 'logging: [a]', 'logging: got a list; allowed: a mapping with level, format'],
    ['a host with a port', 'host: 127.0.0.1:8000', 'host: is a host name or address without port, such as'],
    ['a host that is none', 'host: "not a host!"', 'host: is a host name or address without port'],
    [
      'a short access key',
      'auth: {api_keys: [short]}',
      'auth.api_keys[0]: an access key has at least 16 characters',
    ],
    [
      'a key without a name',
      'auth: {api_keys: [{key: abcdefghijklmnop}]}',
      'auth.api_keys[0].name: is missing',
    ],
    [
      'both key and hash missing',
      'auth: {api_keys: [{name: a}]}',
      'auth.api_keys[0]: needs either key or key_sha256',
    ],
    [
      'a hash that is none',
      'auth: {api_keys: [{name: a, key_sha256: xyz}]}',
      'auth.api_keys[0].key_sha256: a SHA-256 is written as 64',
    ],
    [
      'an unknown role',
      'auth: {api_keys: [{name: a, key: abcdefghijklmnop, role: usr}]}',
      'auth.api_keys[0].role: got "usr"; allowed: one of user, admin',
    ],
    [
      'two keys of one name',
      'auth: {api_keys: [{name: a, key: abcdefghijklmnop}, {name: a, key: bbcdefghijklmnop}]}',
      'auth.api_keys[1].name: another access key is called a',
    ],
    [
      'a URL as allowed host',
      'auth: {allowed_hosts: ["https://x"]}',
      'auth.allowed_hosts[0]: is a host name',
    ],
    [
      'an origin with a path',
      'auth: {allowed_origins: ["https://x/y"]}',
      'auth.allowed_origins[0]: is an origin without a path',
    ],
    [
      'a network that is none',
      'auth: {trusted_proxies: [10.0.0.0/33]}',
      'auth.trusted_proxies[0]: is an IP address or a network',
    ],
    [
      'a reserved name',
      'backends: {v1: {}}',
      'backends.v1: is a path of this proxy and cannot name a backend (reserved: v1, v1beta, internal, metrics, healthz, readyz, openapi.json)',
    ],
    [
      'a name with capitals',
      'backends: {OpenAI: {}}',
      'backends.OpenAI: a backend name has lower-case letters',
    ],
    ['a name that is a prototype', 'backends: {__proto__: {}}', 'backends.__proto__: cannot be a key'],
    [
      'a URL that is none',
      'backends: {a: {api_url: "ftp://x"}}',
      'backends.a.api_url: is not an http:// or https:// URL',
    ],
    [
      'a key of an instance',
      'backends: {openai.eu: {api_kye: x}}',
      'backends["openai.eu"].api_kye: unknown key "api_kye"; did you mean api_key?',
    ],
    [
      'a header of the connection',
      'backends: {a: {headers: {Host: x}}}',
      'backends.a.headers.Host: is set by the proxy itself',
    ],
    [
      'a header with a line break',
      'backends: {a: {headers: {x: "a\\nb"}}}',
      'backends.a.headers.x: has characters that no header can carry',
    ],
    [
      'an unknown protocol',
      'backends: {a: {protocols: [openai]}}',
      'backends.a.protocols[0]: got "openai"; allowed: one of openai-chat, openai-responses',
    ],
    [
      'a way to disconnect',
      'backends: {a: {on_client_disconnect: drain}}',
      'backends.a.on_client_disconnect: got "drain"; allowed: abort, or a mapping with drain_seconds',
    ],
    [
      'a drain without seconds',
      'backends: {a: {on_client_disconnect: {}}}',
      'backends.a.on_client_disconnect.drain_seconds: is missing',
    ],
    [
      'a regular expression',
      'model_aliases: [{pattern: "^gpt-(.*)", replacement: x}]',
      'model_aliases[0].pattern: is a glob in which only * and ? are special',
    ],
    ['a route to nothing', 'failover_routes: {m: []}', 'failover_routes.m: is an empty list'],
    [
      'a limit without a ledger',
      'usage_tracking: {enabled: false}\nauth: {api_keys: [{name: a, key: abcdefghijklmnop, usd_per_day: 1}]}',
      'auth.api_keys[0].usd_per_day: cannot be kept without a ledger; set usage_tracking.enabled: true',
    ],
    ['bodies smaller than one', 'max_bodies_mb: 1', 'max_bodies_mb: got 1, less than max_body_mb (64)'],
    ['a list as the file', '- a', 'named.yaml:1:1: is not a mapping of keys'],
    ['a tab in YAML', 'a:\n\tb: 1', 'named.yaml:2:1: is not valid YAML'],
    ['the same key twice', 'port: 1\nport: 2', 'named.yaml:2:1: is not valid YAML: Map keys must be unique'],
  ])('%s', async (_, text, expected) => {
    const { message } = await loadingText(text).faults()
    expect(message).toContain(expected)
  })

  test('all faults are told at once, in the order of the file, with their places as data', async () => {
    const { faults, message } = await loadingText(
      'port: abc\nlogging: {level: x, formt: json}\nzzz: 1\n',
    ).faults()
    expect(faults.map(({ line, column, path }) => [line, column, path])).toEqual([
      [1, 7, 'port'],
      [2, 18, 'logging.level'],
      [2, 21, 'logging.formt'],
      [3, 1, 'zzz'],
    ])
    expect(faults[2]).toMatchObject({ file: 'named.yaml', nearest: 'format', source: null })
    expect(message.split('\n')).toHaveLength(4)
  })

  test('a fault within an alias points at what was written', async () => {
    const text = 'backends:\n  a: &a {max_concurrent: x}\n  b: *a\n'
    const { faults } = await loadingText(text).faults()
    expect(faults.map(({ line, path }) => [line, path])).toEqual([
      [2, 'backends.a.max_concurrent'],
      [2, 'backends.b.max_concurrent'],
    ])
  })

  test('an alias that multiplies without end is a fault', async () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(',')}]`,
      )
    expect((await loadingText(lines.join('\n')).faults()).message).toContain('is not valid YAML')
  })

  test('a fault of a variable names the variable, one of a flag the flag', async () => {
    const scene = { env: { LLMPROXY_PORT: 'abc', LLMPROXY_LOGGING_LEVEL: 'loud' }, flags: { host: '' } }
    const { faults } = await loading(scene).faults()
    expect(faults.map((fault) => [fault.source, fault.path, fault.file])).toEqual([
      ['LLMPROXY_PORT', 'port', null],
      ['a flag', 'host', null],
      ['LLMPROXY_LOGGING_LEVEL', 'logging.level', null],
    ])
  })

  test('a flag that sets no key is a mistake of the program', async () => {
    await expect(loading({ flags: { prot: 1 } }).load()).rejects.toThrow(TypeError)
  })

  test('control characters of a file are shown as symbols', () => {
    const fault = { file: 'x', line: 1, column: 2, source: null, path: 'a', message: 'got \u001b[2J' }
    expect(formatFault(fault)).toBe('x:1:2: a: got ␛[2J')
  })
})

describe('no message shows a secret', () => {
  const secret = 'sk-ant-planted0123456789planted'
  test.each([
    ['an access key of a wrong type', `auth: {api_keys: [{name: [${secret}], key: ${secret}}]}`],
    ['a header', `backends: {a: {headers: {"x y": ${secret}, z: [${secret}]}}}`],
    ['a provider key in a list', `backends: {a: {api_key: [${secret}]}}`],
    ['a provider key in the wrong place', `default_backend: ["${secret}"]\nlogging: {level: ${secret}}`],
    ['a provider key as a key', `backends: {a: {${secret}: x}}`],
    [
      'a login in a URL',
      `backends: {a: {api_url: "ftp://user:${secret}@x"}}\nlogging: {level: "http://u:${secret}@h"}`,
    ],
    ['broken YAML', `backends: {a: {api_key: ${secret}}\nport: "${secret}`],
    [
      'a reference',
      `port: \${PLANTED}\nlogging: {level: "\${PLANTED}"}\nauth: {disable_auth: "\${PLANTED}"}`,
    ],
  ])('%s', async (_, text) => {
    const { message, faults } = await loadingText(text, { env: { PLANTED: secret } }).faults()
    expect(message + JSON.stringify(faults)).not.toContain('planted0123')
  })

  test('a variable that is wrong', async () => {
    const env = {
      LLMPROXY_AUTH_API_KEYS: secret,
      LLMPROXY_BACKENDS_A_HEADERS: secret,
      LLMPROXY_BACKENDS: `{"${secret}`,
    }
    const { message, faults } = await loading({ env }).faults()
    expect(faults).toHaveLength(3)
    expect(message).not.toContain('planted0123')
  })
})
