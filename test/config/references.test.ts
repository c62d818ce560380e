import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasReference, interpolate } from '../../src/config/interpolate.ts'
import { loadingText } from './loading.ts'

const env = { NAME: 'value', EMPTY: '', NUMBER: '7', YES: 'Yes', LIST: '["a","b"]' }

describe('references in values', () => {
  test.each([
    [`\${NAME}`, 'value'],
    [`a-\${NAME}-b-\${NAME}`, 'a-value-b-value'],
    [`\${GONE:-other}`, 'other'],
    [`\${EMPTY:-other}`, 'other'],
    [`\${NAME:-other}`, 'value'],
    [`\${GONE:-}`, ''],
    [`\${GONE:-a:-b c}`, 'a:-b c'],
    [`\${EMPTY}`, ''],
    [`$\${NAME}`, `\${NAME}`],
    ['$NAME and $5 and }', '$NAME and $5 and }'],
  ])('%s becomes %j', (text, expected) => {
    expect(interpolate(text, env, '/')).toEqual({ text: expected })
  })

  test.each([
    [`\${GONE}`, 'the variable GONE is not set'],
    [`\${}`, 'is not'],
    [`\${a b}`, 'is not'],
    [`\${NAME`, 'no closing }'],
    [`\${GONE:-\${NAME}}`, 'cannot hold another'],
    [`\${file:/no/such/file}`, 'there is no such file'],
    [`\${file:.}`, 'not a regular file'],
    [`\${file:/dev/zero}`, 'not a regular file'],
  ])('%s is a fault', (text, expected) => {
    const result = interpolate(text, env, '/')
    expect('fault' in result && result.fault).toContain(expected)
  })

  test('a value is put in as it is and not read again, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ unit: fc.constantFrom('$', '{', '}', 'N', ':', '-', '&') }),
        (value, more) => {
          for (const text of [value, more]) {
            expect(interpolate(`<\${V}>`, { V: text }, '/')).toEqual({ text: `<${text}>` })
          }
        },
      ),
    )
  })

  test('a text without a dollar sign and brace stays as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('${'))
        expect(hasReference(text)).toBe(false)
        expect(interpolate(text, {}, '/')).toEqual({ text })
      }),
    )
  })
})

describe('references in a file', () => {
  test('a file is read from beside the configuration, without white space at its ends', async () => {
    const text = `backends: {a: {api_url: "http://x", api_key: "\${file:secrets/key}"}}`
    const files = { 'here/secrets/key': '  sk-from-a-file \r\n' }
    const { config } = await loadingText(text, { files }).load()
    expect(config.backends.a?.api_key).toBe('sk-from-a-file')
  })

  test('where a key wants a number, true or false, or a list, the result is read as one', async () => {
    const text = `port: \${NUMBER}\nauth: {disable_auth: "\${YES}", allowed_hosts: "\${LIST}"}\nmax_body_mb: "\${GONE:-3.5}"`
    const { config } = await loadingText(text, { env }).load()
    expect([config.port, config.auth.disable_auth, config.max_body_mb]).toEqual([7, true, 3.5])
    expect(config.auth.allowed_hosts).toEqual(['a', 'b'])
  })

  test('nothing is replaced in keys, and nothing in the text of the YAML', async () => {
    const text = `failover_routes: {"\${NAME}": ["\${INJECT}"]}`
    const { config } = await loadingText(text, { env: { ...env, INJECT: 'a"]\nport: 1' } }).load()
    expect(Object.entries(config.failover_routes)).toEqual([[`\${NAME}`, ['a"]\nport: 1']]])
    expect(config.port).toBe(8000)
  })

  test('a missing variable is a fault with its key, its place and its name', async () => {
    const { message } = await loadingText(`backends:\n  a:\n    api_key: \${GONE_KEY}`).faults()
    expect(message).toContain('named.yaml:3:14: backends.a.api_key: the variable GONE_KEY is not set')
  })

  test('a missing variable does not matter where another source decides', async () => {
    const { config } = await loadingText(`port: \${GONE}`, { flags: { port: 9 } }).load()
    expect(config.port).toBe(9)
  })

  test('lists and mappings in variables may hold references, from the working directory', async () => {
    const variables = { ...env, LLMPROXY_BACKENDS: `{"a":{"api_url":"http://x","api_key":"\${file:k}"}}` }
    const files = { 'here/k': 'from-here', 'elsewhere/c.yaml': 'port: 1' }
    const { load } = loadingText('', { files, env: variables })
    expect((await load()).config.backends.a?.api_key).toBe('from-here')
  })
})
