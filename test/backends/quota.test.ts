import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Quota, quotaIn } from '../../src/backends/quota.ts'
import type { HeaderPairs } from '../../src/core/http.ts'
import { readCorpus } from '../support/corpus.ts'

const answeredAtMs = Date.parse('2026-11-23T12:00:00Z')
const at = (ms: number) => answeredAtMs + ms
const of = (headers: Record<string, string>) => quotaIn(Object.entries(headers), answeredAtMs)

/** `requests 499/500 used 0.002 in 120` (milliseconds), `?` for what is not known. */
const words = ({ name, limit, remaining, usedRatio, resetsAtMs }: Quota) =>
  `${name} ${remaining ?? '?'}/${limit ?? '?'} used ${usedRatio === null ? '?' : Number(usedRatio.toFixed(4))} in ${
    resetsAtMs === null ? '?' : resetsAtMs - answeredAtMs
  }`

describe('what an answer says of its limits', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'OpenAI',
      {
        'x-ratelimit-limit-requests': '500',
        'x-ratelimit-limit-tokens': '30000',
        'x-ratelimit-remaining-requests': '499',
        'x-ratelimit-remaining-tokens': '29984',
        'x-ratelimit-reset-requests': '120ms',
        'x-ratelimit-reset-tokens': '32ms',
        'x-ratelimit-limit-input-images': '50000',
        'x-ratelimit-remaining-input-images': '49999',
        'x-ratelimit-limit-tokens_usage_based': '160000',
      },
      ['requests 499/500 used 0.002 in 120', 'tokens 29984/30000 used 0.0005 in 32'],
    ],
    [
      'Groq',
      {
        'x-ratelimit-limit-requests': '14400',
        'x-ratelimit-limit-tokens': '18000',
        'x-ratelimit-remaining-requests': '14370',
        'x-ratelimit-remaining-tokens': '17997',
        'x-ratelimit-reset-requests': '2m59.56s',
        'x-ratelimit-reset-tokens': '7.66s',
      },
      ['requests 14370/14400 used 0.0021 in 179560', 'tokens 17997/18000 used 0.0002 in 7660'],
    ],
    [
      'Azure',
      { 'x-ratelimit-remaining-requests': '99', 'x-ratelimit-remaining-tokens': '99998' },
      ['requests 99/? used ? in ?', 'tokens 99998/? used ? in ?'],
    ],
    [
      'Together',
      {
        'x-ratelimit-limit': '60',
        'x-ratelimit-remaining': '15',
        'x-ratelimit-reset': '1',
        'x-tokenlimit-limit': '100000',
        'x-tokenlimit-remaining': '25000',
      },
      ['requests 15/60 used 0.75 in 1000', 'tokens 25000/100000 used 0.75 in ?'],
    ],
    [
      'OpenRouter',
      {
        'x-ratelimit-limit': '50',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(at(43_200_000)),
      },
      ['requests 0/50 used 1 in 43200000'],
    ],
    [
      'Fireworks',
      {
        'x-ratelimit-limit-requests': '6000',
        'x-ratelimit-remaining-requests': '5999',
        'x-ratelimit-limit-tokens-prompt': '7200000',
        'x-ratelimit-remaining-tokens-prompt': '7193993',
        'x-ratelimit-limit-tokens-cache-adjusted-prompt': '720000',
        'x-ratelimit-limit-tokens-generated': '72000',
        'x-ratelimit-remaining-tokens-generated': '36000',
        'x-ratelimit-over-limit': 'no',
      },
      [
        'requests 5999/6000 used 0.0002 in ?',
        'input_tokens 7193993/7200000 used 0.0008 in ?',
        'output_tokens 36000/72000 used 0.5 in ?',
      ],
    ],
    [
      'Mistral',
      {
        'x-ratelimit-limit-req-minute': '60',
        'x-ratelimit-remaining-req-minute': '59',
        'x-ratelimit-limit-tokens-minute': '50000',
        'x-ratelimit-remaining-tokens-minute': '47196',
        'x-ratelimit-limit-tokens-month': '4000000',
        'x-ratelimit-remaining-tokens-month': '3950246',
        'x-ratelimit-tokens-query-cost': '2804',
      },
      ['requests 59/60 used 0.0167 in ?', 'tokens 47196/50000 used 0.0561 in ?'],
    ],
    [
      'Mistral before',
      {
        'x-ratelimitbysize-limit-minute': '500000',
        'x-ratelimitbysize-remaining-minute': '499000',
        'ratelimitbysize-reset': '32',
      },
      ['tokens 499000/500000 used 0.002 in 32000'],
    ],
    [
      'Cerebras',
      {
        'x-ratelimit-limit-requests-day': '14400',
        'x-ratelimit-remaining-requests-day': '14399',
        'x-ratelimit-reset-requests-day': '41432.53',
        'x-ratelimit-limit-tokens-minute': '60000',
        'x-ratelimit-remaining-tokens-minute': '30000',
        'x-ratelimit-reset-tokens-minute': '2.528918743133545',
      },
      ['requests 14399/14400 used 0.0001 in 41432530', 'tokens 30000/60000 used 0.5 in 2529'],
    ],
    [
      'Anthropic',
      {
        'anthropic-ratelimit-requests-limit': '1000',
        'anthropic-ratelimit-requests-remaining': '999',
        // Recorded: a bucket that was full again a second before the answer.
        'anthropic-ratelimit-requests-reset': '2026-11-23T11:59:59Z',
        'anthropic-ratelimit-tokens-limit': '96000',
        'anthropic-ratelimit-tokens-remaining': '48000',
        'anthropic-ratelimit-tokens-reset': '2026-11-23T13:00:10+01:00',
        'anthropic-ratelimit-input-tokens-limit': '80000',
        'anthropic-ratelimit-input-tokens-remaining': '80000',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-23T12:00:00.250Z',
        'anthropic-ratelimit-output-tokens-limit': '16000',
        'anthropic-ratelimit-output-tokens-remaining': '4000',
        'anthropic-ratelimit-output-tokens-reset': '2026-11-23T12:00:45Z',
      },
      [
        'requests 999/1000 used 0.001 in -1000',
        'tokens 48000/96000 used 0.5 in 10000',
        'input_tokens 80000/80000 used 0 in 250',
        'output_tokens 4000/16000 used 0.75 in 45000',
      ],
    ],
    [
      "Anthropic's plan",
      {
        'anthropic-ratelimit-unified-status': 'allowed',
        'anthropic-ratelimit-unified-5h-status': 'allowed',
        'anthropic-ratelimit-unified-5h-utilization': '0.62',
        'anthropic-ratelimit-unified-5h-reset': String(at(8_400_000) / 1_000),
        'anthropic-ratelimit-unified-7d-status': 'allowed_warning',
        'anthropic-ratelimit-unified-7d-utilization': '1.03',
        'anthropic-ratelimit-unified-7d-reset': String(at(259_200_000) / 1_000),
        'anthropic-ratelimit-unified-7d_oi-utilization': '0.4',
        'anthropic-ratelimit-unified-representative-claim': 'five_hour',
        'anthropic-ratelimit-unified-overage-utilization': '0.1',
      },
      ['5h ?/? used 0.62 in 8400000', '7d ?/? used 1 in 259200000'],
    ],
    [
      "Anthropic's plan, used up",
      {
        'anthropic-ratelimit-unified-5h-status': 'rejected',
        'anthropic-ratelimit-unified-5h-reset': String(at(60_000) / 1_000),
        'anthropic-ratelimit-unified-7d-status': 'allowed',
      },
      ['5h ?/? used 1 in 60000'],
    ],
    [
      "ChatGPT's plan",
      {
        'x-codex-primary-used-percent': '42.5',
        'x-codex-primary-window-minutes': '299',
        'x-codex-primary-reset-after-seconds': '7200',
        'x-codex-secondary-used-percent': '13',
        'x-codex-secondary-window-minutes': '10079',
        'x-codex-secondary-reset-at': String(at(86_400_000) / 1_000),
        'x-codex-credits-has-credits': 'False',
      },
      ['5h ?/? used 0.425 in 7200000', '7d ?/? used 0.13 in 86400000'],
    ],
    [
      "ChatGPT's plan with a week only",
      { 'x-codex-primary-used-percent': '100', 'x-codex-primary-window-minutes': '10080' },
      ['7d ?/? used 1 in ?'],
    ],
    [
      "ChatGPT's plan without lengths",
      { 'x-codex-primary-used-percent': '1', 'x-codex-secondary-used-percent': '2' },
      ['5h ?/? used 0.01 in ?', '7d ?/? used 0.02 in ?'],
    ],
    [
      "ChatGPT's plan, windows of no length and of a quarter of an hour",
      {
        'x-codex-primary-used-percent': '0',
        'x-codex-primary-window-minutes': '0',
        'x-codex-secondary-used-percent': '100',
        'x-codex-secondary-window-minutes': '15',
      },
      [],
    ],
    [
      'a host that allows nothing',
      { 'x-ratelimit-limit-req-minute': '0', 'x-ratelimit-remaining-req-minute': '0' },
      ['requests 0/0 used 1 in ?'],
    ],
    [
      'a burst above the limit',
      { 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '12' },
      ['requests 12/10 used 0 in ?'],
    ],
    ['nobody', { 'content-type': 'application/json', 'retry-after': '3' }, []],
  ])('%s', (_, headers, expected) => {
    expect(of(headers).map(words)).toEqual(expected)
  })

  it.each([
    ['1s', 1_000],
    ['6m0s', 360_000],
    ['1h2m3.5s', 3_723_500],
    ['20ms', 20],
    ['1d2h', 93_600_000],
    ['1.5µs', 0],
    ['0s', 0],
    ['0', 0],
    ['90', 90_000],
    ['0.25', 250],
    ['2026-11-23T12:00:01Z', 1_000],
    [String(answeredAtMs / 1_000 + 5), 5_000],
    [String(answeredAtMs + 5), 5],
  ])('a reset of %s', (reset, ms) => {
    expect(of({ 'x-ratelimit-limit-tokens': '1', 'x-ratelimit-reset-tokens': reset })[0]?.resetsAtMs).toBe(
      at(ms),
    )
  })

  it.each([
    ...['', ' ', 'soon', '-1', '-1s', '+1', '1e3', 'NaN', 'Infinity', '1x', 's', '1s2', '1 s', '0x10'],
    // Years away, or long ago: not about this answer.
    ...[
      '9999h',
      '999999999',
      '1000000000',
      '2020-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '2026-13-45T99:99:99Z',
    ],
    ...['9'.repeat(400), '1s'.repeat(400), '2026-11-23', 'Mon, 23 Nov 2026 12:00:01 GMT'],
  ])('a reset of %j is left out', (reset) => {
    expect(of({ 'x-ratelimit-limit-tokens': '1', 'x-ratelimit-reset-tokens': reset })).toEqual([
      { name: 'tokens', limit: 1, remaining: null, usedRatio: null, resetsAtMs: null },
    ])
  })

  it.each([
    '',
    '-1',
    '1e9',
    '0x10',
    '1,000',
    '10, 9',
    '12 ',
    'unlimited',
    '9223372036854775807',
    '1'.repeat(400),
  ])('a count of %j is left out, but for space around it', (count) => {
    const quota = of({ 'x-ratelimit-limit-requests': count, 'x-ratelimit-remaining-tokens': count })
    if (count === '12 ') expect(quota).toMatchObject([{ limit: 12 }, { remaining: 12 }])
    else expect(quota).toEqual([])
  })

  it('counts what is said twice in the same words once, and in other words not at all', () => {
    const twice = (first: string, second: string): HeaderPairs => [
      ['x-ratelimit-remaining-requests', first],
      ['x-ratelimit-limit-requests', '10'],
      ['x-ratelimit-remaining-requests', second],
    ]
    expect(quotaIn(twice('5', '5'), answeredAtMs)).toMatchObject([{ limit: 10, remaining: 5 }])
    expect(quotaIn(twice('5', '6'), answeredAtMs)).toMatchObject([{ limit: 10, remaining: null }])
    // A third time does not make it right again.
    const thrice = [...twice('5', '6'), ['x-ratelimit-remaining-requests', '6']] as const
    expect(quotaIn(thrice, answeredAtMs)).toMatchObject([{ limit: 10, remaining: null }])
  })

  it('has a name once where two families say it: the provider’s own first', () => {
    const both = {
      'x-ratelimit-limit-requests': '7',
      'x-ratelimit-limit-req-minute': '8',
      'anthropic-ratelimit-requests-limit': '9',
    }
    expect(of(both)).toMatchObject([{ name: 'requests', limit: 9 }])
  })
})

describe('the recorded answers', () => {
  const kinds = ['requests', 'tokens'] as const
  const recorded = readCorpus().filter(({ response }) =>
    kinds.some((kind) => `x-ratelimit-limit-${kind}` in response.headers),
  )

  it.runIf(recorded.length > 0)('are read as they stand', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(17)
    for (const { response } of recorded) {
      const quota = quotaIn(Object.entries(response.headers), answeredAtMs)
      expect(quota.map(({ name }) => name)).toEqual([...kinds])
      for (const { name, limit, remaining, resetsAtMs } of quota) {
        expect(String(limit)).toBe(response.headers[`x-ratelimit-limit-${name}`])
        expect(String(remaining)).toBe(response.headers[`x-ratelimit-remaining-${name}`])
        const reset = response.headers[`x-ratelimit-reset-${name}`]
        // All that was recorded is in seconds or milliseconds.
        const ms = reset && Number.parseFloat(reset) * (reset.endsWith('ms') ? 1 : 1_000)
        expect(resetsAtMs).toBe(reset === undefined ? null : at(Number(ms)))
      }
    }
  })
})

describe('whatever the headers are', () => {
  const families = [
    ...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((kind) =>
      ['limit', 'remaining', 'reset'].flatMap((part) => [
        `anthropic-ratelimit-${kind}-${part}`,
        `x-ratelimit-${part}-${kind}`,
      ]),
    ),
    ...['5h', '7d'].flatMap((window) =>
      ['utilization', 'reset', 'status'].map((part) => `anthropic-ratelimit-unified-${window}-${part}`),
    ),
    ...['primary', 'secondary'].flatMap((slot) =>
      ['used-percent', 'window-minutes', 'reset-at', 'reset-after-seconds'].map(
        (part) => `x-codex-${slot}-${part}`,
      ),
    ),
    ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-limit-tokens-minute'],
  ]
  const value = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.double().map(String),
    fc.integer({ min: -5, max: 2_000 }).map(String),
    fc.bigInt().map(String),
    fc.constantFrom('rejected', '300', '10080', '6m0s', '1h2m3.5s', '20ms', '0.5', '2026-11-23T12:00:01Z'),
    fc.integer({ min: answeredAtMs - 1e9, max: answeredAtMs + 1e9 }).map((ms) => String(ms)),
  )
  const pairs = fc.array(fc.tuple(fc.constantFrom(...families), value), { maxLength: 40 })

  it('says only what can be, each name once, and in whatever order it came the same', () => {
    let said = 0
    fc.assert(
      fc.property(pairs, (headers) => {
        const quota = quotaIn(headers, answeredAtMs)
        const names = quota.map(({ name }) => name)
        expect(new Set(names).size).toBe(names.length)
        for (const { limit, remaining, usedRatio, resetsAtMs } of quota) {
          said++
          expect([limit, remaining, usedRatio]).not.toEqual([null, null, null])
          for (const count of [limit, remaining])
            if (count !== null) expect(count >= 0 && count <= 1e12).toBe(true)
          if (usedRatio !== null) expect(usedRatio >= 0 && usedRatio <= 1).toBe(true)
          if (resetsAtMs !== null) expect(Number.isInteger(resetsAtMs)).toBe(true)
        }
        expect(quotaIn(headers.toReversed(), answeredAtMs)).toEqual(quota)
      }),
      { numRuns: 2_000 },
    )
    expect(said).toBeGreaterThan(500)
  })
})
