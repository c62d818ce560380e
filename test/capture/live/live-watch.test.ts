import { describe, expect, test } from 'vitest'
import {
  createLiveWatch,
  type LiveIssue,
  type LiveWatchSettings,
} from '../../../src/capture/live/live-watch.ts'
import { gate, startScenario } from '../../proxy/scenario.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import {
  chatFrames,
  chatStream,
  closeWithoutAnswer,
  openaiError,
  paced,
  type Script,
  streamHead,
  waitFor,
  write,
} from '../../support/fake-provider.ts'
import { sseBlock } from '../../support/sse-text.ts'

type Watched = Parameters<typeof startScenario>[0] & Pick<LiveWatchSettings, 'contextWindow'>

async function watched({ contextWindow, ...options }: Watched = {}) {
  const clock = new FakeClock()
  const told: LiveIssue[] = []
  const live = createLiveWatch({
    clock,
    ...(contextWindow && { contextWindow }),
    redactText: (text) => text.replaceAll('sk-fake', '[redacted]'),
    onIssue: (issue) => told.push(issue),
  })
  const scenario = await startScenario({ ...options, clock, monitors: [live.monitor] })
  const codes = () => live.recent().map(({ code }) => code)
  /** Asks, reads what comes, and gives the exchange when it has closed. */
  const ask = async (number = 1, headers: Record<string, string> = {}) => {
    const stream = await scenario.chat({}, { headers })
    await stream.text().catch(() => '')
    return scenario.watch.closedExchange(number)
  }
  return { ...scenario, live, told, codes, ask }
}

/** A stream that ends with this reason, behind a delta of another kind if there is one. */
function ending(reason: string, pieces: readonly string[], delta: object | null = null): Script {
  const [first = '', ...others] = chatFrames(pieces).map((frame) =>
    frame.replace('"finish_reason":"stop"', `"finish_reason":"${reason}"`),
  )
  const added = delta === null ? [] : [sseBlock({ choices: [{ index: 0, delta, finish_reason: null }] })]
  return [streamHead(), paced([first, ...added, ...others])]
}

test('of a good exchange nothing is said', async () => {
  const { a, ask, live, told } = await watched()
  a.answer(chatStream(['Hello']))
  await ask()
  live.check()
  expect(live.recent()).toEqual([])
  expect(told).toEqual([])
})

describe('what is waited for', () => {
  test('a stream that is silent is told of while it is, and again when it is worse', async () => {
    const { a, chat, live, told, clock, watch } = await watched()
    const [open, wait] = [chatFrames(['Hello', ' there']), gate()]
    a.answer([
      streamHead(),
      write(open.slice(0, 2).join('')),
      waitFor(wait.opened),
      write(open.slice(2).join('')),
    ])
    const stream = await chat()
    await watch.until(() => watch.exchanges[0]?.firstContentNs !== null && watch.bytes.PTC.includes('Hello'))
    await clock.advanceSlowly(9_000)
    live.check()
    expect(told).toEqual([])
    await clock.advanceSlowly(3_000)
    live.check()
    live.check()
    expect(told).toMatchObject([
      {
        code: 'stalled_stream',
        type: 'slow_response',
        severity: 'warn',
        fault: 'backend',
        evidence: { seconds: 12 },
      },
    ])
    await clock.advanceSlowly(20_000)
    live.check()
    wait.open()
    await stream.text()
    const exchange = await watch.closedExchange()
    expect(told.map(({ severity }) => severity)).toEqual(['warn', 'error'])
    expect(live.recent()).toMatchObject([
      { code: 'stalled_stream', severity: 'error', exchange: exchange.id },
    ])
  })

  test('nor is a client that does not read a backend that is silent, until it reads and nothing comes', async () => {
    const { a, chat, live, told, clock, watch } = await watched()
    const wait = gate()
    const [first = '', ...rest] = chatFrames(['Hello', ' there'])
    const much = sseBlock({ choices: [{ index: 0, delta: { content: 'x'.repeat(100_000) } }] })
    a.answer([
      streamHead(),
      write(first),
      ...Array.from({ length: 200 }, () => write(much)),
      waitFor(wait.opened),
      write(rest.join('')),
    ])
    const stream = await chat()
    await watch.until(() => watch.exchanges[0]?.clientIsBehind === true)
    await clock.advanceSlowly(40_000)
    live.check()
    expect(told).toEqual([])
    const reading = stream.text()
    await watch.until(() => watch.bytes.PTC.length > 20_000_000)
    expect(watch.exchanges[0]?.clientIsBehind).toBe(false)
    await clock.advanceSlowly(12_000)
    live.check()
    expect(told).toMatchObject([{ code: 'stalled_stream', severity: 'warn', evidence: { seconds: 12 } }])
    wait.open()
    await reading
  })

  test('so is a first word that does not come, while it does not', async () => {
    const { a, chat, live, clock, watch } = await watched()
    const wait = gate()
    a.answer([streamHead(), waitFor(wait.opened), write(chatFrames(['Hello']).join(''))])
    const asked = chat()
    await watch.head()
    await clock.advanceSlowly(11_000)
    live.check()
    expect(live.recent()).toMatchObject([
      {
        code: 'slow_first_token',
        severity: 'warn',
        description: expect.stringContaining('No word had come 11.0 s'),
      },
    ])
    await clock.advanceSlowly(21_000)
    wait.open()
    await (await asked).text()
    await watch.closedExchange()
    expect(live.recent()).toMatchObject([
      { severity: 'error', description: 'The first word came 32.0 s after the request was sent.' },
    ])
  })
})

describe('a prompt that fills the context window', () => {
  const usage = { prompt: 850, completion: 2 }

  test('is told of when it is answered, by the window of its model at its backend', async () => {
    const asked: (string | null)[] = []
    const contextWindow = (model: string, type: string | null) => {
      asked.push(model, type)
      return 1_000
    }
    const { a, ask, live } = await watched({ contextWindow })
    a.answer(chatStream(['Hello'], { usage }))
    const { attempts } = await ask()
    expect(asked).toEqual([attempts[0]?.model, attempts[0]?.backendType])
    expect(live.recent()).toMatchObject([
      {
        ...{ code: 'context_near_limit', severity: 'note', fault: 'client', leg: 'CTP' },
        description: "The prompt of 850 tokens filled 85 % of the model's 1000.",
      },
    ])
  })

  test.each([1_100, 800, null])('but not of a window of %s tokens', async (window) => {
    const { a, ask, live } = await watched({ contextWindow: () => window })
    a.answer(chatStream(['Hello'], { usage }))
    await ask()
    expect(live.recent()).toEqual([])
  })
})

describe('how an attempt fails', () => {
  test.each<[string, Script, object[]]>([
    [
      'a limit',
      openaiError(429, { retryAfter: '120' }),
      [
        {
          code: 'rate_limit',
          type: 'rate_limit',
          severity: 'warn',
          fault: 'backend',
          evidence: { retryAfterSeconds: 120 },
        },
      ],
    ],
    [
      'no credit',
      openaiError(429, { type: 'insufficient_quota', code: 'insufficient_quota' }),
      [{ code: 'quota_exhausted', severity: 'error' }, { code: 'rate_limit' }],
    ],
    [
      'a failure',
      openaiError(500),
      [{ code: 'backend_error', type: 'backend_error', severity: 'error', fault: 'backend' }],
    ],
    ['a refused request', openaiError(400), [{ code: 'backend_error', severity: 'error', fault: 'client' }]],
    [
      'a refused key',
      openaiError(401),
      [{ code: 'backend_error' }, { code: 'auth_error', severity: 'error', fault: null }],
    ],
    ['no answer', [closeWithoutAnswer()], [{ code: 'backend_error', fault: 'network' }]],
  ])('%s', async (_name, script, issues) => {
    const { a, ask, live } = await watched()
    a.answer(script)
    const { id } = await ask()
    expect(live.recent()).toMatchObject(
      issues.map((issue) => ({ ...issue, exchange: id, leg: 'BTP', attempt: 1 })),
    )
    expect(JSON.stringify(live.recent())).not.toContain('sk-fake')
  })

  test('another one answers: the failure is milder, and what it cost is told', async () => {
    const { a, b, ask, live, told } = await watched({ targets: 2 })
    a.answer(openaiError(500))
    b.answer(chatStream(['Hello']))
    await ask()
    expect(live.recent()).toMatchObject([
      {
        code: 'failover',
        severity: 'info',
        evidence: { failed: 'openai.a', answered: 'openai.b', attempts: 2 },
      },
      { code: 'backend_error', severity: 'warn', attempt: 1 },
    ])
    expect(told).toHaveLength(2)
  })

  test('none answers: it becomes as severe as it is', async () => {
    const { a, b, ask, told } = await watched({ targets: 2 })
    a.answer(openaiError(500))
    b.answer(openaiError(503))
    await ask()
    expect(told.map(({ code, severity }) => [code, severity])).toEqual([
      ['backend_error', 'warn'],
      ['backend_error', 'error'],
    ])
  })
})

describe('how an answer ends', () => {
  test('in the middle', async () => {
    const { a, ask, live } = await watched()
    a.answer([streamHead(), write(chatFrames(['Hello', ' there']).slice(0, 2).join(''))])
    await ask()
    expect(live.recent()).toMatchObject([{ code: 'truncated_stream', severity: 'error', fault: 'backend' }])
  })

  test('because the client left', async () => {
    const { a, chat, live, watch } = await watched()
    const wait = gate()
    a.answer([
      streamHead(),
      write(chatFrames(['Hello', ' there']).slice(0, 2).join('')),
      waitFor(wait.opened),
    ])
    const stream = await chat()
    await watch.until(() => watch.bytes.PTC.includes('Hello'))
    stream.abort()
    await watch.closedExchange()
    wait.open()
    expect(live.recent()).toMatchObject([
      { code: 'client_disconnect', severity: 'note', fault: 'client', leg: 'PTC' },
    ])
  })

  test.each<[string, string, Script]>([
    ['with nothing in it', 'empty_completion', chatStream([])],
    ['at its limit', 'output_truncated', ending('length', ['Hello'])],
    [
      'with only thoughts, at its limit',
      'reasoning_ate_budget',
      ending('length', [], { reasoning_content: 'Hm.' }),
    ],
    ['by a filter', 'content_filtered', ending('content_filter', ['Hel'])],
  ])('%s', async (_name, code, script) => {
    const { a, ask, codes } = await watched()
    a.answer(script)
    await ask()
    expect(codes()).toEqual([code])
  })
})

test('the same tool call in turn after turn of a session is a loop, until the model says something else', async () => {
  const { a, ask, live, codes } = await watched()
  const call = (path: string) => chatStream([], { toolCalls: [{ name: 'read', arguments: { path } }] })
  const session = { 'x-session-id': 'one' }
  a.answer(call('a'))
  for (let turn = 1; turn <= 3; turn++) await ask(turn, session)
  expect(live.recent()).toMatchObject([
    { code: 'tool_loop', severity: 'note', evidence: { tool: 'read', turns: 3 } },
  ])
  a.answer(call('b'))
  await ask(4, session)
  a.answer(call('a'))
  for (let turn = 5; turn <= 6; turn++) await ask(turn, session)
  expect(codes()).toEqual(['tool_loop'])
  await ask(7, session)
  await ask(8, session)
  await ask(9, session)
  expect(live.recent().map(({ severity }) => severity)).toEqual(['warn', 'note', 'note', 'note'])
})

test('the latest hundred are kept, and nothing of an exchange that has closed', async () => {
  const { a, ask, live } = await watched()
  a.answer(openaiError(400))
  for (let i = 1; i <= 105; i++) await ask(i)
  const issues = live.recent()
  expect(issues).toHaveLength(100)
  expect(new Set(issues.map(({ exchange }) => exchange)).size).toBe(100)
  expect(issues[0]!.atNs).toBeGreaterThanOrEqual(issues[99]!.atNs!)
})
