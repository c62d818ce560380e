import { expect, test } from 'vitest'
import { authError } from '../../../src/capture/detectors/retries-and-errors/auth-error.ts'
import { backendError } from '../../../src/capture/detectors/retries-and-errors/backend-error.ts'
import { errorInside200 } from '../../../src/capture/detectors/retries-and-errors/error-inside-200.ts'
import { failover } from '../../../src/capture/detectors/retries-and-errors/failover.ts'
import { midStreamFailoverSeam } from '../../../src/capture/detectors/retries-and-errors/mid-stream-failover-seam.ts'
import { quotaExhausted } from '../../../src/capture/detectors/retries-and-errors/quota-exhausted.ts'
import { rateLimit } from '../../../src/capture/detectors/retries-and-errors/rate-limit.ts'
import { retryStorm } from '../../../src/capture/detectors/retries-and-errors/retry-storm.ts'
import { aCapture, addRefusal, edited, issuesOf, refused } from '../../support/a-capture.ts'
import { closedAs } from './fitting.ts'

const all = [
  rateLimit,
  quotaExhausted,
  backendError,
  errorInside200,
  authError,
  failover,
  midStreamFailoverSeam,
  retryStorm,
]
const chat = aCapture({ protocol: 'openai-chat', stream: true })
const whole = aCapture({ protocol: 'openai-chat', stream: false })
const anthropic = aCapture({ protocol: 'anthropic-messages', stream: true })

const told = (capture: typeof chat) =>
  issuesOf(all, capture).map(({ code, severity, fault }) => `${code} ${severity} ${fault}`)

test('a limit is told with when to come back, and with the limits that the provider names', () => {
  const limited = edited(whole, (x) =>
    refused(
      x,
      429,
      { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } },
      {
        'retry-after': '20',
        'x-ratelimit-remaining-tokens': '0',
        'x-request-id': 'req_1',
      },
    ),
  )
  expect(issuesOf(rateLimit, limited)).toMatchObject([
    {
      type: 'rate_limit',
      leg: 'BTP',
      description: 'Backend openai said that a limit was reached (429), to be asked again in 20 s.',
      evidence: { retryAfter: '20', limits: { 'x-ratelimit-remaining-tokens': '0' } },
    },
  ])
  expect(told(limited)).toEqual(['rate_limit warn backend'])
})

test('a limit that hides behind another status is known by its words', () => {
  const hidden = edited(whole, (x) =>
    refused(x, 400, { error: { message: 'upstream said: 429 Too Many Requests' } }),
  )
  expect(told(hidden)).toEqual(['rate_limit warn backend'])
})

test('a limit of the proxy itself is its client’s to keep', () => {
  const own = edited(whole, (x) => {
    x.attempts = []
    x.closed!.attempts = []
    x.answer.status = 429
    x.answer.setBody(
      '{"error":{"message":"100 requests a minute","type":"rate_limit_exceeded","code":"request_limit"}}',
    )
    closedAs(x, 'rejected', undefined, 'request_limit')
  })
  expect(told(own)).toEqual(['rate_limit warn client'])
})

test('an account without credit is an error beside the limit', () => {
  const empty = edited(whole, (x) =>
    refused(x, 429, {
      error: {
        message: 'You exceeded your current quota',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      },
    }),
  )
  expect(told(empty)).toEqual(['rate_limit warn backend', 'quota_exhausted error backend'])
})

test('the probes of the original are all found', () => {
  const split = edited(anthropic, (x) =>
    x.bothAnswers((leg) => {
      leg.setBlocks(leg.blocks().slice(0, 4))
      const ms = leg.lastMs()
      leg.chunks.push(
        { ms, bytes: Buffer.from('event: error\ndata: {"type":"error","error":{"type":"api_error","mess') },
        { ms: ms + 1, bytes: Buffer.from('age":"Internal"}}\n\n') },
      )
    }),
  )
  expect(told(split)).toEqual(['backend_error error backend', 'error_inside_200 error backend'])
  const string = edited(chat, (x) =>
    x.bothAnswers((leg) => {
      leg.setBlocks(leg.blocks().slice(0, 2))
      leg.chunks.push({ ms: leg.lastMs(), bytes: Buffer.from('data: {"error":"boom"}\n\n') })
    }),
  )
  expect(issuesOf(backendError, string)).toMatchObject([
    { type: 'backend_error', evidence: { message: 'boom' } },
  ])
  expect(told(edited(whole, (x) => refused(x, 500, { error: { message: 'oops' } })))).toEqual([
    'backend_error error backend',
  ])
})

test('a refused request is the client’s as it was sent, the proxy’s as it was changed, and nobody’s in another protocol', () => {
  const bad = edited(whole, (x) =>
    refused(x, 400, { error: { message: 'no such parameter', type: 'invalid_request_error' } }),
  )
  const routed = edited(bad, (x) =>
    x.request.editJson((json) => {
      json.model = 'openai:gpt-4o'
    }),
  )
  const changed = edited(bad, (x) =>
    x.ptb.editJson((json) => {
      json.top_k = 5
    }),
  )
  const translated = edited(bad, (x) => {
    x.protocol = 'anthropic-messages'
  })
  expect([bad, routed, changed, translated].map(told)).toEqual([
    ['backend_error error client'],
    ['backend_error error client'],
    ['backend_error error proxy'],
    ['backend_error error null'],
  ])
})

test('a count that a backend does not give is a note, for the proxy gives its own', () => {
  const counted = edited(
    aCapture({ protocol: 'anthropic-messages', stream: false, path: '/v1/messages/count_tokens' }),
    (x) => {
      x.btp.status = 404
      x.btp.setBody('{"detail":"Not Found"}')
      x.answer.setBody('{"input_tokens":12}')
      x.closed!.purpose = 'count_tokens'
    },
  )
  expect(told(counted)).toEqual(['backend_error note client'])
})

test('what cannot be reached is the network’s', () => {
  const unreached = edited(whole, (x) => {
    x.btp.keepBytes(0).endAs('error', 'connect_failed')
    Object.assign(x.btp, { headMs: null, status: null, headers: [] })
    x.answer.status = 502
    x.answer.setBody(
      '{"error":{"message":"cannot reach backend openai","type":"server_error","code":"connect_failed"}}',
    )
    closedAs(x, 'error', undefined, 'connect_failed')
    Object.assign(x.closed!.attempts[0]!, { error: 'connect_failed', reason: 'cannot reach backend openai' })
  })
  expect(issuesOf(all, unreached)).toMatchObject([
    { code: 'backend_error', fault: 'network', evidence: { code: 'connect_failed' } },
  ])
})

test('the words of a refusal are quoted without the keys in them', () => {
  const key = `sk-${'a1b2c3d4'.repeat(4)}`
  const leaky = edited(whole, (x) =>
    refused(x, 401, { error: { message: `Incorrect API key provided: ${key}`, code: 'invalid_api_key' } }),
  )
  const issues = issuesOf(all, leaky)
  expect(issues.map(({ code }) => code)).toEqual(['backend_error', 'auth_error'])
  expect(JSON.stringify(issues)).not.toContain(key)
})

test('the client’s own login is told from the proxy’s key by the marks that overwrite them', () => {
  const refusal = edited(whole, (x) =>
    refused(x, 401, { error: { message: 'expired', type: 'authentication_error' } }),
  )
  expect(issuesOf(authError, refusal)).toMatchObject([{ fault: 'proxy' }])
  // Both speak of the same answer.
  const [first, second] = issuesOf(all, refusal)
  expect([first?.code, second?.code]).toEqual(['backend_error', 'auth_error'])
  expect([first?.fault, first?.hint]).toEqual([second?.fault, second?.hint])
  const own = edited(refusal, (x) => {
    x.request.header('authorization', 'Bearer header-7f3a************')
    x.ptb.header('authorization', 'Bearer credential-7f3a************')
  })
  expect(issuesOf(authError, own)).toMatchObject([{ fault: 'client' }])
  const old = edited(refusal, (x) => {
    x.version = 2
    x.request.headers = []
  })
  expect(issuesOf(authError, old)).toMatchObject([{ fault: null }])
})

test('a failover says who failed, who answered, and what it cost in time', () => {
  const over = edited(chat, (x) => addRefusal(x, { status: 503, backend: 'azure' }))
  expect(issuesOf(failover, over)).toMatchObject([
    {
      severity: 'info',
      attempt: 1,
      description: 'azure answered 503, and openai answered at attempt 2, 0.30 s after the request had come.',
    },
  ])
  expect(told(over)).toEqual(['backend_error warn backend', 'failover info backend'])
})

test('a file of the original has no statuses: an error document was a refusal, an error event was not', () => {
  const heads = (x: (typeof chat)['exchanges'][number]) => {
    x.version = 2
    x.unclosed()
    for (const leg of [x.request, x.btp, x.answer])
      Object.assign(leg, { headMs: null, status: null, headers: [] })
  }
  const refusal = edited(whole, (x) => {
    refused(x, 429, { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } })
    heads(x)
  })
  expect(told(refusal)).toEqual(['rate_limit warn backend'])
  const inside = edited(anthropic, (x) => {
    x.bothAnswers((leg) =>
      leg.insertBlock(4, { type: 'error', error: { type: 'api_error', message: 'x' } }, 'error'),
    )
    heads(x)
  })
  expect(told(inside)).toEqual(['backend_error error backend', 'error_inside_200 error backend'])
})

test('a failed response that is fetched later is what was asked for', () => {
  const fetched = edited(aCapture({ protocol: 'openai-responses', stream: false }), (x) => {
    x.request.method = 'GET'
    x.closed!.purpose = 'other'
    x.bothAnswers((leg) =>
      leg.editJson((json) => {
        json.status = 'failed'
        json.error = { code: 'server_error', message: 'failed' }
      }),
    )
  })
  expect(issuesOf(errorInside200, fetched)).toEqual([])
})

test('a message that follows the end of another is no seam', () => {
  const twice = edited(anthropic, (x) =>
    x.bothAnswers((leg) =>
      leg.editBlocks((blocks) => {
        blocks.push(...blocks.map((block) => ({ ...block, data: block.data.replace('msg_1', 'msg_2') })))
      }),
    ),
  )
  expect(issuesOf(midStreamFailoverSeam, twice)).toEqual([])
})

test('blocks that begin at 0 again are a seam, one index twice in a row is not', () => {
  const start = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
  const stop = { type: 'content_block_stop', index: 0 }
  const always0 = edited(anthropic, (x) =>
    x.answer.insertBlock(-2, start, start.type).insertBlock(-2, stop, stop.type),
  )
  expect(issuesOf(midStreamFailoverSeam, always0)).toEqual([])
  const anew = edited(anthropic, (x) => x.answer.insertBlock(4, start, start.type))
  expect(issuesOf(midStreamFailoverSeam, anew)).toMatchObject([{ fault: 'proxy', leg: 'PTC' }])
})

test('a storm is told at the fourth time and at each doubling, not each time', () => {
  const same = edited(whole, (x, capture) => {
    refused(x, 503, { error: { message: 'busy' } })
    for (let i = 1; i < 10; i++)
      capture.exchanges.push(Object.assign(x.clone(), { id: `x_${i + 1}`, openedMs: x.openedMs + i * 2_000 }))
  })
  expect(
    issuesOf(retryStorm, same).map(({ exchange, severity, evidence }) => [
      exchange,
      severity,
      evidence.requests,
    ]),
  ).toEqual([
    ['x_4', 'error', 4],
    ['x_8', 'error', 8],
  ])
})

test('the same JSON in another order of its keys is the same request', () => {
  const reordered = edited(whole, (x, capture) => {
    refused(x, 503, { error: { message: 'busy' } })
    const { model, ...rest } = x.request.json
    for (let i = 1; i < 4; i++) {
      const copy = Object.assign(x.clone(), { id: `x_${i + 1}`, openedMs: x.openedMs + i * 2_000 })
      copy.bothRequests((leg) => leg.setBody(JSON.stringify(i % 2 ? { ...rest, model } : { model, ...rest })))
      capture.exchanges.push(copy)
    }
  })
  expect(issuesOf(retryStorm, reordered)).toMatchObject([{ severity: 'error', fault: 'client' }])
})

test('many samples of one prompt are a note at most, and polling is nothing', () => {
  const many = (edit: (x: (typeof chat)['exchanges'][number]) => unknown) =>
    edited(whole, (x, capture) => {
      edit(x)
      for (let i = 1; i < 6; i++)
        capture.exchanges.push(Object.assign(x.clone(), { id: `x_${i + 1}`, openedMs: x.openedMs + i * 100 }))
    })
  expect(
    issuesOf(
      retryStorm,
      many(() => {}),
    ).map(({ severity }) => severity),
  ).toEqual(['note'])
  expect(
    issuesOf(
      retryStorm,
      many((x) => {
        x.request.method = 'GET'
        x.request.setBody('')
      }),
    ),
  ).toEqual([])
})

test('nothing is said of embeddings, counts and titles that went well', () => {
  for (const purpose of ['embedding', 'count_tokens', 'title', 'other']) {
    const quiet = edited(whole, (x) => {
      x.closed!.purpose = purpose
    })
    expect(issuesOf(all, quiet)).toEqual([])
  }
})
