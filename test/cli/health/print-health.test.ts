import { Chalk, type ColorSupportLevel } from 'chalk'
import { describe, expect, it } from 'vitest'
import { printHealth } from '../../../src/cli/health/print-health.ts'
import { readReport } from '../../../src/cli/health/report.ts'
import { aBackend, aBadDay, anAnswer, anEndpoint, answeredAt, clock } from './health-answers.ts'

const pipe = Number.POSITIVE_INFINITY

function printed(answer: unknown, width: number, level: ColorSupportLevel = 0) {
  const report = readReport(JSON.parse(JSON.stringify(answer)))
  expect(report).not.toBeNull()
  return printHealth(report!, {
    ...{ url: 'http://127.0.0.1:8000', width, chalk: new Chalk({ level }) },
    ...{ nowMs: Date.parse(answeredAt) },
  })
}
const screen = (answer: unknown, width: number) => {
  const { answer: lines, talk } = printed(answer, width)
  return [...lines, ...talk.map((line) => `(stderr) ${line}`)].join('\n')
}

describe('a proxy that is well', () => {
  it('at 80 columns', () => {
    expect(screen(anAnswer(), 80)).toMatchInlineSnapshot(`
      "● ok: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 2 of 2 endpoints
        healthy

         BACKEND    STATE  ENDPOINT  IN FLIGHT  QUEUED
      ●  anthropic  ok     healthy           3       0
      ●  openai     ok     healthy           0       0

         URL                        HEALTH   PING      HTTP    LATENCY   CHECKED
      ●  https://api.anthropic.com  healthy  ok 12 ms  ok 404    84 ms  12 s ago
      ●  https://api.openai.com/v1  healthy  ok 12 ms  ok 404    84 ms  12 s ago
      (stderr) hidden: USED BY (widen the terminal, or use --json)"
    `)
  })

  it('at 120 columns, and the same at 200 and in a pipe', () => {
    expect(screen(anAnswer(), 120)).toMatchInlineSnapshot(`
      "● ok: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 2 of 2 endpoints healthy

         BACKEND    STATE  ENDPOINT  IN FLIGHT  QUEUED
      ●  anthropic  ok     healthy           3       0
      ●  openai     ok     healthy           0       0

         URL                        HEALTH   PING      HTTP    LATENCY   CHECKED  USED BY
      ●  https://api.anthropic.com  healthy  ok 12 ms  ok 404    84 ms  12 s ago  anthropic
      ●  https://api.openai.com/v1  healthy  ok 12 ms  ok 404    84 ms  12 s ago  openai"
    `)
    for (const wider of [200, pipe]) expect(printed(anAnswer(), wider)).toEqual(printed(anAnswer(), 120))
  })
})

describe('a bad day', () => {
  it('at 80 columns', () => {
    expect(screen(aBadDay(), 80)).toMatchInlineSnapshot(`
      "◐ degraded: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 3 of 4 endpoints
        healthy

         BACKEND         STATE          RETRY IN  ENDPOINT   IN FLIGHT  QUEUED
      ●  anthropic       ok                    —  healthy            3       0
      ◐  anthropic.team  full                  —  healthy            8      14
      ◐  openai.us       cooldown           24 s  healthy            0       0
      ✖  openai.eu       excluded              —  unhealthy          0       0
      ✖  gemini          open              4m10s  healthy            0       0
      ◐  mistral         half-open             —  healthy            1       0
      ✖  groq            misconfigured       now  healthy            0       0
      ○  ollama          no-credential         —  —                  0       0

      ◐ anthropic.team: all 8 places (max_concurrent) are taken
      ◐ openai.us: answered 429 and asked to wait for 30 s
      ✖ openai.eu: its endpoint is down: connect ECONNREFUSED 192.0.2.7:8443
      ✖ gemini: the last 5 attempts failed, the last with 503 UNAVAILABLE: The model
        is overloaded. Please try again later.
      ◐ mistral: one trial exchange is under way
      ✖ groq: the provider key is refused (401); check api_key
      ○ ollama: OLLAMA_API_KEY is not set, and the client brings none
      ● anthropic: ▇▇▇▇▇░░░ 62% of 5h, resets 14:20; 31% of 7d, resets Fri 08:00
      ◐ openai.us: ▇▇▇▇▇▇▇▇ 100% of requests, resets in 24 s; 12% of tokens before it
        was renewed
      ◐ mistral: 47,196 tokens left

         URL                             HEALTH     HTTP       LATENCY   CHECKED
      ●  https://api.anthropic.com       healthy    ok 404       84 ms  12 s ago
      ●  https://api.openai.com/v1       healthy    ok 401       1.2 s  12 s ago
      ✖  https://eu.example.com:8443/v1  unhealthy  failed ×2        —  12 s ago
      ●  http://127.0.0.1:11434/v1       healthy    —                —         —

      ● https://api.openai.com/v1: ping: no answer within 5 s
      ✖ https://eu.example.com:8443/v1: connect ECONNREFUSED 192.0.2.7:8443; ping: no
        answer within 5 s

      ▲ configuration /etc/llmproxy.yaml: not taken over, the one before stays:
        backends.openai.api_url: is no URL (line 12)
      ▲ ledger: 12 records dropped; last error: SQLITE_FULL: database or disk is full
      ▲ the safety fallback was used 3 times: health had left out every target, so
        they were tried anyway
      · ledger: 1,204 records still to be written
      (stderr) hidden: PING, USED BY (widen the terminal, or use --json)"
    `)
  })

  it('at 120 columns', () => {
    expect(screen(aBadDay(), 120)).toMatchInlineSnapshot(`
      "◐ degraded: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 3 of 4 endpoints healthy

         BACKEND         STATE          RETRY IN  ENDPOINT   IN FLIGHT  QUEUED  QUOTA
      ●  anthropic       ok                    —  healthy            3       0  ▇▇▇▇▇░░░ 62% of 5h, resets 14:20
      ◐  anthropic.team  full                  —  healthy            8      14  —
      ◐  openai.us       cooldown           24 s  healthy            0       0  ▇▇▇▇▇▇▇▇ 100% of requests, resets in 24 s
      ✖  openai.eu       excluded              —  unhealthy          0       0  —
      ✖  gemini          open              4m10s  healthy            0       0  —
      ◐  mistral         half-open             —  healthy            1       0  47,196 tokens left
      ✖  groq            misconfigured       now  healthy            0       0  —
      ○  ollama          no-credential         —  —                  0       0  —

      ◐ anthropic.team: all 8 places (max_concurrent) are taken
      ◐ openai.us: answered 429 and asked to wait for 30 s
      ✖ openai.eu: its endpoint is down: connect ECONNREFUSED 192.0.2.7:8443
      ✖ gemini: the last 5 attempts failed, the last with 503 UNAVAILABLE: The model is overloaded. Please try again later.
      ◐ mistral: one trial exchange is under way
      ✖ groq: the provider key is refused (401); check api_key
      ○ ollama: OLLAMA_API_KEY is not set, and the client brings none

         URL                             HEALTH     PING         HTTP       LATENCY   CHECKED
      ●  https://api.anthropic.com       healthy    ok 12 ms     ok 404       84 ms  12 s ago
      ●  https://api.openai.com/v1       healthy    failed ×381  ok 401       1.2 s  12 s ago
      ✖  https://eu.example.com:8443/v1  unhealthy  failed ×4    failed ×2        —  12 s ago
      ●  http://127.0.0.1:11434/v1       healthy    —            —                —         —

      ● https://api.openai.com/v1: ping: no answer within 5 s
      ✖ https://eu.example.com:8443/v1: connect ECONNREFUSED 192.0.2.7:8443; ping: no answer within 5 s

      ▲ configuration /etc/llmproxy.yaml: not taken over, the one before stays: backends.openai.api_url: is no URL (line 12)
      ▲ ledger: 12 records dropped; last error: SQLITE_FULL: database or disk is full
      ▲ the safety fallback was used 3 times: health had left out every target, so they were tried anyway
      · ledger: 1,204 records still to be written
      (stderr) hidden: more QUOTA, USED BY (widen the terminal, or use --json)"
    `)
  })

  it('at 200 columns', () => {
    expect(screen(aBadDay(), 200)).toMatchInlineSnapshot(`
      "◐ degraded: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 3 of 4 endpoints healthy

         BACKEND         STATE          RETRY IN  ENDPOINT   IN FLIGHT  QUEUED  QUOTA
      ●  anthropic       ok                    —  healthy            3       0  ▇▇▇▇▇░░░ 62% of 5h, resets 14:20; 31% of 7d, resets Fri 08:00
      ◐  anthropic.team  full                  —  healthy            8      14  —
      ◐  openai.us       cooldown           24 s  healthy            0       0  ▇▇▇▇▇▇▇▇ 100% of requests, resets in 24 s; 12% of tokens before it was renewed
      ✖  openai.eu       excluded              —  unhealthy          0       0  —
      ✖  gemini          open              4m10s  healthy            0       0  —
      ◐  mistral         half-open             —  healthy            1       0  47,196 tokens left
      ✖  groq            misconfigured       now  healthy            0       0  —
      ○  ollama          no-credential         —  —                  0       0  —

      ◐ anthropic.team: all 8 places (max_concurrent) are taken
      ◐ openai.us: answered 429 and asked to wait for 30 s
      ✖ openai.eu: its endpoint is down: connect ECONNREFUSED 192.0.2.7:8443
      ✖ gemini: the last 5 attempts failed, the last with 503 UNAVAILABLE: The model is overloaded. Please try again later.
      ◐ mistral: one trial exchange is under way
      ✖ groq: the provider key is refused (401); check api_key
      ○ ollama: OLLAMA_API_KEY is not set, and the client brings none

         URL                             HEALTH     PING         HTTP       LATENCY   CHECKED  USED BY                    ERROR
      ●  https://api.anthropic.com       healthy    ok 12 ms     ok 404       84 ms  12 s ago  anthropic, anthropic.team
      ●  https://api.openai.com/v1       healthy    failed ×381  ok 401       1.2 s  12 s ago  openai.us                  ping: no answer within 5 s
      ✖  https://eu.example.com:8443/v1  unhealthy  failed ×4    failed ×2        —  12 s ago  openai.eu, reserve         connect ECONNREFUSED 192.0.2.7:8443; ping: no answer within 5 s
      ●  http://127.0.0.1:11434/v1       healthy    —            —                —         —  ollama

      ▲ configuration /etc/llmproxy.yaml: not taken over, the one before stays: backends.openai.api_url: is no URL (line 12)
      ▲ ledger: 12 records dropped; last error: SQLITE_FULL: database or disk is full
      ▲ the safety fallback was used 3 times: health had left out every target, so they were tried anyway
      · ledger: 1,204 records still to be written"
    `)
  })

  it('in a pipe, one record a line', () => {
    expect(screen(aBadDay(), pipe)).toMatchInlineSnapshot(`
      "◐ degraded: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 3 of 4 endpoints healthy

         BACKEND         STATE          RETRY IN  ENDPOINT   IN FLIGHT  QUEUED  QUOTA                                                                           REASON
      ●  anthropic       ok                    —  healthy            3       0  ▇▇▇▇▇░░░ 62% of 5h, resets 14:20; 31% of 7d, resets Fri 08:00
      ◐  anthropic.team  full                  —  healthy            8      14  —                                                                               all 8 places (max_concurrent) are taken
      ◐  openai.us       cooldown           24 s  healthy            0       0  ▇▇▇▇▇▇▇▇ 100% of requests, resets in 24 s; 12% of tokens before it was renewed  answered 429 and asked to wait for 30 s
      ✖  openai.eu       excluded              —  unhealthy          0       0  —                                                                               its endpoint is down: connect ECONNREFUSED 192.0.2.7:8443
      ✖  gemini          open              4m10s  healthy            0       0  —                                                                               the last 5 attempts failed, the last with 503 UNAVAILABLE: The model is overloaded. Please try again later.
      ◐  mistral         half-open             —  healthy            1       0  47,196 tokens left                                                              one trial exchange is under way
      ✖  groq            misconfigured       now  healthy            0       0  —                                                                               the provider key is refused (401); check api_key
      ○  ollama          no-credential         —  —                  0       0  —                                                                               OLLAMA_API_KEY is not set, and the client brings none

         URL                             HEALTH     PING         HTTP       LATENCY   CHECKED  USED BY                    ERROR
      ●  https://api.anthropic.com       healthy    ok 12 ms     ok 404       84 ms  12 s ago  anthropic, anthropic.team
      ●  https://api.openai.com/v1       healthy    failed ×381  ok 401       1.2 s  12 s ago  openai.us                  ping: no answer within 5 s
      ✖  https://eu.example.com:8443/v1  unhealthy  failed ×4    failed ×2        —  12 s ago  openai.eu, reserve         connect ECONNREFUSED 192.0.2.7:8443; ping: no answer within 5 s
      ●  http://127.0.0.1:11434/v1       healthy    —            —                —         —  ollama

      ▲ configuration /etc/llmproxy.yaml: not taken over, the one before stays: backends.openai.api_url: is no URL (line 12)
      ▲ ledger: 12 records dropped; last error: SQLITE_FULL: database or disk is full
      ▲ the safety fallback was used 3 times: health had left out every target, so they were tried anyway
      · ledger: 1,204 records still to be written"
    `)
  })

  it.each([80, 100, 120, 160, 200])(
    'at %i columns cuts nothing, and loses nothing but what it names',
    (width) => {
      const { answer, talk } = printed(aBadDay(), width)
      for (const line of [...answer, ...talk]) expect([...line].length).toBeLessThanOrEqual(width)
      const text = answer.join('\n')
      expect(text).not.toContain('…')
      const unwrapped = text.replace(/\n {2}(?! )/g, ' ')
      const hidden = /^hidden: (.+) \(/.exec(talk.join(' '))?.[1]?.split(', ') ?? []
      const titles = ['BACKEND', 'STATE', 'RETRY IN', 'ENDPOINT', 'IN FLIGHT', 'QUEUED']
      for (const title of [...titles, 'URL', 'HEALTH', 'PING', 'HTTP', 'LATENCY', 'CHECKED', 'USED BY']) {
        expect([title, text.includes(title)]).toEqual([title, !hidden.includes(title)])
      }
      for (const { reason } of (aBadDay() as { endpoint_health: { backends: { reason: string | null }[] } })
        .endpoint_health.backends) {
        if (reason !== null) expect(unwrapped).toContain(reason)
      }
      expect(unwrapped).toContain('62% of 5h, resets 14:20')
      if (!hidden.includes('more QUOTA')) expect(unwrapped).toContain('31% of 7d, resets Fri 08:00')
    },
  )

  it('in colour says the same', () => {
    for (const width of [80, 120, pipe]) {
      const [plain, coloured] = [printed(aBadDay(), width), printed(aBadDay(), width, 1)]
      const strip = (lines: string[]) => lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))
      expect(strip(coloured.answer)).toEqual(plain.answer)
      expect(plain.answer.join('')).not.toContain('\u001b')
      const row = (name: string) => coloured.answer.find((line) => line.includes(`  ${name} `))
      expect(row('anthropic')).toContain('\u001b[32m●\u001b[39m')
      expect(row('mistral')).toContain('\u001b[33m◐\u001b[39m')
      expect(row('gemini')).toContain('\u001b[31m✖\u001b[39m')
      expect(coloured.answer[0]).toMatch(/^\u001b\[33m◐\u001b\[39m \u001b\[33mdegraded\u001b\[39m: /)
    }
  })
})

describe('what is not as usual', () => {
  it('nothing configured', () => {
    const summary = { total_endpoints: 0, healthy_endpoints: 0, unhealthy_endpoints: 0 }
    const none = anAnswer({ status: 'down' }, { summary, endpoints: [], backends: [] })
    expect(screen(none, 80)).toMatchInlineSnapshot(`
      "✖ down: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, 0 of 0 endpoints
        healthy

      no backends configured"
    `)
  })

  it('checks that are off', () => {
    const unchecked = {
      ...{
        ping_check_success: null,
        http_check_success: null,
        is_healthy: true,
        last_http_status_code: null,
      },
      ...{ last_ping_check_timestamp: null, last_http_check_timestamp: null },
      ...{ last_ping_latency_ms: null, last_http_latency_ms: null },
    }
    const off = anAnswer(
      {},
      {
        enabled: false,
        summary: { total_endpoints: 0, healthy_endpoints: 0, unhealthy_endpoints: 0 },
        endpoints: [anEndpoint(unchecked)],
        backends: [aBackend({ is_endpoint_healthy: null })],
      },
    )
    expect(screen(off, 80)).toMatchInlineSnapshot(`
      "● ok: llmproxy 0.1.0 at http://127.0.0.1:8000, up 3h12m, endpoints not checked

         BACKEND    STATE  ENDPOINT  IN FLIGHT  QUEUED
      ●  anthropic  ok     —                 3       0

         URL                        HEALTH   PING  HTTP  LATENCY  CHECKED  USED BY
      ●  https://api.anthropic.com  healthy  —     —           —        —  anthropic

      · endpoints are not checked: health_check is off; traffic alone decides"
    `)
  })

  it('a machine without ping', () => {
    const without = {
      ...{ ping_available: false, ping_check_success: false, last_ping_error: 'ping: command not found' },
      last_ping_latency_ms: null,
    }
    const { answer } = printed(anAnswer({}, { endpoints: [anEndpoint(without), anEndpoint(without)] }), 80)
    expect(answer.at(-2)).toBe(
      '· ping is not available where the proxy runs (ping: command not found); the HTTP',
    )
    expect(answer.join('\n')).not.toContain('failed')
    // It says nothing of any one endpoint.
    expect(answer.join('\n').split('command not found')).toHaveLength(2)
    expect(answer.join('\n')).toContain('●  https://api.anthropic.com')
  })

  it('a proxy that says little, as an older one might', () => {
    const bare = {
      status: 'ok',
      endpoint_health: { backends: [{ name: 'openai' }], endpoints: [{ api_url: 'http://x' }] },
    }
    expect(screen(bare, 80)).toMatchInlineSnapshot(`
      "● ok: llmproxy at http://127.0.0.1:8000

         BACKEND  STATE  ENDPOINT  IN FLIGHT  QUEUED
      ○  openai   —      —                 —       —

         URL       HEALTH  PING  HTTP  LATENCY  CHECKED
      ○  http://x  —       —     —           —        —"
    `)
    expect(screen({ status: 'ok', endpoint_health: {}, uptime_seconds: 1e308 }, 80)).toMatchInlineSnapshot(`
      "● ok: llmproxy at http://127.0.0.1:8000"
    `)
  })

  it('a proxy that says more, or otherwise, as a newer one might', () => {
    const more = (fields: Record<string, unknown>) => ({ ...fields, colour: 'blue', deep: { er: [1] } })
    const [endpoint, backend] = [anEndpoint(), aBackend()].map(more)
    const same = more(anAnswer({}, more({ endpoints: [endpoint], backends: [backend] })))
    expect(screen(same, 120)).toBe(
      screen(anAnswer({}, { endpoints: [anEndpoint()], backends: [aBackend()] }), 120),
    )

    const strange = anAnswer(
      { status: 'asleep' },
      { backends: [aBackend({ state: 'on_holiday' }), null, 'x', 3] },
    )
    const lines = printed(strange, 120).answer
    expect(lines[0]).toMatch(/^○ asleep: /)
    expect(lines[3]).toMatch(/^○ {2}anthropic {2}on-holiday /)
    expect(lines[4]).toBe('')
  })

  it('times in seconds since 1970', () => {
    const iso = /"(2026-11-\d\dT[\d:.]+Z)"/g
    const inSeconds = JSON.parse(
      JSON.stringify(aBadDay()).replace(iso, (_, time) => String(Date.parse(time) / 1_000)),
    )
    expect(inSeconds.endpoint_health.backends[2].retry_at).toBe(Date.parse(clock('13:04:29')) / 1_000)
    expect(screen(inSeconds, pipe)).toBe(screen(aBadDay(), pipe))
  })

  it('fields of wrong types', () => {
    const wrong = {
      status: 7,
      version: [],
      uptime_seconds: '3',
      endpoint_health: {
        enabled: 'yes',
        summary: [],
        endpoints: [
          { api_url: 5, is_healthy: 'no', backends_using_url: 3, last_http_check_timestamp: 'soon' },
        ],
        backends: [
          { name: null, state: 1, quota: [{ name: 1, used_ratio: 'x' }, 4], in_flight: 'many', retry_at: {} },
        ],
      },
      usage: 'none',
      capture: 4,
      config: null,
    }
    expect(printed(wrong, 80).answer[0]).toBe('○ status unknown: llmproxy at http://127.0.0.1:8000')
  })

  it('words that would move the cursor are shown, and forge no line', () => {
    const evil = 'a\u001b[2Jb\nc\td'
    const answer = anAnswer(
      {
        version: evil,
        config: { file: evil, last_error: evil },
        usage: { last_error: evil, dropped_records: 1 },
      },
      {
        endpoints: [
          anEndpoint({
            api_url: `https://u:secret@x/${evil}`,
            http_check_success: false,
            last_http_error: evil,
            backends_using_url: [evil],
          }),
        ],
        backends: [
          aBackend({ name: evil, state: evil, reason: evil, quota: [{ name: evil, used_ratio: 0.5 }] }),
        ],
      },
    )
    for (const width of [80, pipe]) {
      const { answer: lines } = printed(answer, width)
      for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f]/)
      expect(lines.join('\n')).not.toContain('secret')
    }
    const lineCount = printed(answer, pipe).answer.length
    const calm = JSON.parse(JSON.stringify(answer).replaceAll(JSON.stringify(evil).slice(1, -1), 'abcd'))
    expect(lineCount).toBe(printed(calm, pipe).answer.length)
  })
})
