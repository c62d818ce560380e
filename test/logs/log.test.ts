import { describe, expect, it } from 'vitest'
import { ProxyError } from '../../src/core/errors.ts'
import { createSecrets } from '../../src/core/secrets/secrets.ts'
import { createLog, type LogOptions, logFormat } from '../../src/logs/log.ts'

const secret = 'a-provider-key-"of"-ours'

function logTo(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  const secrets = createSecrets()
  secrets.add(secret, 'provider-key')
  const log = createLog({
    level: 'info',
    format: 'json',
    write: (line) => lines.push(line),
    secrets,
    ...options,
  })
  return { log, lines }
}

describe('a JSON log', () => {
  it('writes one object a line, with level, time, fields and message', () => {
    const { log, lines } = logTo()
    log
      .child({ part: 'x' })
      .warn({ backend: 'openai', n: 3, none: null }, 'backend.down', () => 'never in JSON')
    expect(lines).toHaveLength(1)
    expect(lines[0]?.endsWith('}\n')).toBe(true)
    const { time, ...rest } = JSON.parse(lines[0] ?? '')
    expect(rest).toEqual({
      level: 'warn',
      part: 'x',
      backend: 'openai',
      n: 3,
      none: null,
      msg: 'backend.down',
    })
    expect(new Date(time).toISOString()).toBe(time)
  })

  it('writes a line of plain fields as it writes any other', () => {
    const { log, lines } = logTo()
    const fields = { a: 'text', n: 1.5, odd: Number.NaN, none: null, gone: undefined, yes: true, list: [] }
    log.info(fields, 'said')
    log.info({ ...fields, deep: {} }, 'said')
    log.info({}, 'said')
    const [plain, other, alone] = lines.map((line) => line.replace(/"time":"[^"]*"/, '"time":""'))
    expect(plain).toBe(other?.replace(',"deep":{}', ''))
    expect(alone).toBe('{"level":"info","time":"","msg":"said"}\n')
  })

  it('leaves out what is under its level, also when that changes', () => {
    const { log, lines } = logTo()
    const child = log.child({})
    child.debug({}, 'one')
    log.setLevel('debug')
    child.debug({}, 'two')
    log.setLevel('error')
    child.warn({}, 'three')
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['two'])
  })

  it('takes __proto__ in a field as data', () => {
    const { log, lines } = logTo()
    log.info({ headers: JSON.parse('{"__proto__": {"x": 1}}') }, 'odd')
    expect(lines[0]).toContain('"headers":{"__proto__":{"x":1}}')
  })
})

describe.each(['json', 'pretty'] as const)('a %s log', (format) => {
  it('shows no secret, wherever it stands', () => {
    const { log, lines } = logTo({ format })
    log.info(
      { url: `http://x/?key=${secret}`, deep: [{ [secret]: `Bearer ${secret}` }] },
      `sent ${secret}`,
      () => secret,
    )
    log.info({ encoded: encodeURIComponent(secret), basic: Buffer.from(`:${secret}`).toString('base64') }, '')
    log.error({ err: new Error(`driver: ${secret}`, { cause: new Error(secret) }) }, 'failed')
    log.child({ key: secret }).info({}, 'bound')
    const written = lines.join('')
    expect(lines).toHaveLength(4)
    for (const part of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      'of"-ours',
      'JvdmlkZXIta2V5',
    ]) {
      expect(written).not.toContain(part)
    }
    expect(written).toContain('provider-key-')
  })

  it.each(['json', 'pretty'] as const)('shows no secret in a line that needs no escapes (%s)', (format) => {
    const plain = 'a-plain-provider-key-of-ours'
    const secrets = createSecrets()
    secrets.add(plain, 'provider-key')
    const { log, lines } = logTo({ format, secrets })
    log.info({ where: `in ${plain}.` }, 'value')
    log.info({ [plain]: 1 }, 'name')
    log.info({}, `message ${plain}`)
    log.info({ looks: 'sk-0123456789abcdefghij' }, 'like a key')
    log.info({ nothing: 'secret' }, 'clean')
    expect(lines).toHaveLength(5)
    expect(lines.join('')).not.toMatch(/a-plain-provider-key-of-ours|sk-0123456789abcdefghij/)
    expect(lines[4]).toMatch(/nothing.*secret/)
  })

  it('passes no control or direction character on', () => {
    const { log, lines } = logTo({ format })
    log.warn({ model: 'a\u001b[31m\nb\u009b\u202e', '\u001bkey': 1 }, 'line\r\nforged\u0007', undefined)
    log.warn({}, 'x', () => 'a\u001b[2J\nforged')
    for (const line of lines) {
      const characters = [...line.slice(0, -1)]
      expect(characters.filter((c) => c < ' ' || (c >= '\u007f' && c <= '\u009f') || c === '\u202e')).toEqual(
        [],
      )
    }
  })
})

describe('a pretty log', () => {
  it('is a short line: time, sign, message, fields', () => {
    const { log, lines } = logTo({ format: 'pretty' })
    log.warn({ backend: 'openai', reason: 'connection refused', none: null, n: 3 }, 'backend is down')
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d ! backend is down backend=openai reason="connection refused" n=3\n$/,
    )
    log.info({ a: '' }, 'started')
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d started a=""\n$/)
  })

  it('prints the line it is given instead', () => {
    const { log, lines } = logTo({ format: 'pretty' })
    log.info({ id: 'x_1' }, 'exchange.closed', () => '13:04:20  claude  …')
    expect(lines).toEqual(['13:04:20  claude  …\n'])
  })

  it('shows where an error came from, and what caused it', () => {
    const { log, lines } = logTo({ format: 'pretty' })
    log.error(
      { err: new ProxyError('internal', 'the proxy failed', { cause: new Error('the disk is full') }) },
      'failed',
    )
    expect(lines[0]).toContain('✖ failed')
    expect(lines[0]).toContain('\n  ')
    expect(lines[0]).toContain('the disk is full')
    expect(lines[0]).toContain('log.test.ts')
  })

  it('has colours only when asked', () => {
    const plain = logTo({ format: 'pretty' })
    const coloured = logTo({ format: 'pretty', colour: true })
    for (const { log } of [plain, coloured]) log.error({}, 'failed')
    expect(plain.lines[0]).not.toContain('\u001b[')
    expect(coloured.lines[0]).toContain('\u001b[31m')
  })
})

it('is pretty on a terminal and JSON elsewhere, unless told', () => {
  expect(logFormat('auto', true)).toBe('pretty')
  expect(logFormat('auto', false)).toBe('json')
  expect(logFormat('pretty', false)).toBe('pretty')
  expect(logFormat('json', true)).toBe('json')
})
