import { describe, expect, test } from 'vitest'
import { cacheBrokenByProxy } from '../../../src/capture/detectors/context/cache-broken-by-proxy.ts'
import { cacheMiss } from '../../../src/capture/detectors/context/cache-miss.ts'
import { cachePrefixBroken } from '../../../src/capture/detectors/context/cache-prefix-broken.ts'
import { contextNearLimit } from '../../../src/capture/detectors/context/context-near-limit.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { aCapture, type CaptureDraft, edited, issuesOf } from '../../support/a-capture.ts'
import { longSession } from '../../support/capture/long-session.ts'

const all = [cachePrefixBroken, cacheMiss, cacheBrokenByProxy]

function session(
  ...options: Parameters<typeof longSession> extends [unknown, ...infer Rest] ? Rest : never
): CaptureDraft {
  const made = longSession(aCapture({ protocol: 'anthropic-messages' }), ...options)
  if (!made) throw new Error('no session')
  return made
}

describe('a prompt that its cache serves', () => {
  test('is silent', () => {
    expect(issuesOf(all, session())).toEqual([])
  })

  test('is broken at the first place that differs, with both words beside each other', () => {
    const broken = edited(session(), (x) =>
      x.bothRequests((leg) => leg.replaceText('Line 7 of the manual', 'Line seven of the manual')),
    )
    expect(issuesOf(all, broken)).toMatchObject([
      {
        ...{ code: 'cache_prefix_broken', severity: 'warn', fault: 'client', leg: 'CTP' },
        evidence: {
          path: 'messages[1]',
          what: 'an earlier message',
          before: expect.stringContaining('Line 7'),
          after: expect.stringContaining('Line seven'),
          earlier: 'x_1',
        },
      },
    ])
  })

  test('is of no interest where the provider caches nothing so short, or was not asked to', () => {
    const edit = (capture: CaptureDraft) =>
      edited(capture, (x) => x.bothRequests((leg) => leg.replaceText('Line 7 of', 'Line seven of')))
    const unasked = edited(session(), (_x, { exchanges }) => {
      for (const x of exchanges)
        x.bothRequests((leg) => leg.replaceText(',"cache_control":{"type":"ephemeral"}', ''))
    })
    expect(issuesOf(cachePrefixBroken, edit(unasked))).toEqual([])
    const turn = (messages: JsonObject[]) => ({ request: { model: 'gpt-4o', messages } })
    const short = aCapture([
      turn([{ role: 'user', content: 'Hi at 12:00' }]),
      turn([
        { role: 'user', content: 'Hi at 12:01' },
        { role: 'assistant', content: 'Hello there.' },
        { role: 'user', content: 'And now?' },
      ]),
    ])
    expect(issuesOf(cachePrefixBroken, short)).toEqual([])
  })

  test('is not looked for in the sub-agents and titles of the same session', () => {
    const mixed = edited(session(), (x, capture) => {
      const title = x.clone()
      title.id = 'x_title'
      title.openedMs += 5000
      title.bothRequests((leg) =>
        leg.editJson((json) => Object.assign(json, { messages: [{ role: 'user', content: 'A title?' }] })),
      )
      const next = x.clone()
      next.id = 'x_next'
      next.openedMs += 60_000
      next.bothRequests((leg) =>
        leg.editJson((json) =>
          json.messages.push(
            { role: 'assistant', content: 'Hello there.' },
            { role: 'user', content: 'On.' },
          ),
        ),
      )
      capture.exchanges.push(title, next)
    })
    expect(issuesOf(all, mixed)).toEqual([])
  })

  test('that was missed after its time to live is a word of information', () => {
    const late = (minutes: number, ttl = '') =>
      edited(
        session({ first: { cached: 2800 }, second: { cached: 0, written: 3000 } }),
        (x, { exchanges }) => {
          x.openedMs += minutes * 60_000
          for (const one of exchanges)
            one.bothRequests((leg) => leg.replaceText('{"type":"ephemeral"}', `{"type":"ephemeral"${ttl}}`))
        },
      )
    expect(issuesOf(cacheMiss, late(1))).toMatchObject([{ severity: 'warn', fault: 'backend' }])
    expect(issuesOf(cacheMiss, late(10))).toMatchObject([{ severity: 'info', fault: 'client' }])
    expect(issuesOf(cacheMiss, late(10, ',"ttl":"1h"'))).toMatchObject([{ severity: 'warn' }])
  })
})

describe('the context window', () => {
  const models = { contextWindow: (model: string) => (model === 'gpt-4o' ? 10 : null) }

  test('is told of from the limit of the configuration on, and worse when nearly full', () => {
    const filled = (tokens: number) =>
      aCapture({
        answer: {
          ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1767614400, model: 'gpt-4o' },
          choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
          usage: { prompt_tokens: tokens, completion_tokens: 2, total_tokens: tokens + 2 },
        },
      })
    const windows = { contextWindow: () => 1000 }
    const severity = (tokens: number, contextWarnRatio = 0.8) =>
      issuesOf(contextNearLimit, filled(tokens), { models: windows, thresholds: { contextWarnRatio } })[0]
        ?.severity
    expect([790, 800, 949, 950].map((tokens) => severity(tokens))).toEqual([
      undefined,
      'note',
      'note',
      'warn',
    ])
    expect(severity(500, 0.5)).toBe('note')
  })

  test('that is smaller than what was answered is not the one that was filled', () => {
    const models = { contextWindow: () => 8 }
    expect(issuesOf(contextNearLimit, aCapture(), { models: { contextWindow: () => 9 } })).toHaveLength(1)
    expect(issuesOf(contextNearLimit, aCapture(), { models })).toEqual([])
  })

  test('is that of the model at the backend that answered', () => {
    const asked: (string | null)[][] = []
    const models = {
      contextWindow: (...model: (string | null)[]) => {
        asked.push(model)
        return null
      },
    }
    issuesOf(contextNearLimit, aCapture({ model: 'gpt-4o', backend: 'azure' }), { models })
    expect(asked).toEqual([['gpt-4o', 'azure']])
  })

  test('is not known where the request asked for a larger one', () => {
    const models = { contextWindow: () => 10 }
    const clean = aCapture({ protocol: 'anthropic-messages' })
    const larger = edited(clean, (x) => x.ptb.header('anthropic-beta', 'a-b,context-1m-2025-08-07'))
    expect(issuesOf(contextNearLimit, clean, { models })).toHaveLength(1)
    expect(issuesOf(contextNearLimit, larger, { models })).toEqual([])
  })

  test('is not filled by what the provider asked again with the results of its own tools', () => {
    const answer = (content: JsonObject[]) => ({
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-opus-4-5' },
      ...{ content, stop_reason: 'end_turn', stop_sequence: null },
      usage: { input_tokens: 90, output_tokens: 2 },
    })
    const text = { type: 'text', text: 'It rains.' }
    const searched = [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'weather' } },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
      text,
    ]
    const issues = (content: JsonObject[]) =>
      issuesOf(contextNearLimit, aCapture({ protocol: 'anthropic-messages', answer: answer(content) }), {
        models: { contextWindow: () => 100 },
      })
    expect(issues([text])).toHaveLength(1)
    expect(issues(searched)).toEqual([])
  })

  test('of a model that nobody knows is not guessed at', () => {
    const unknown = aCapture({ model: 'my-model' })
    expect(issuesOf(contextNearLimit, unknown, { models })).toEqual([])
  })

  test('that was too small is told with the numbers of the provider', () => {
    const message = 'prompt is too long: 214513 tokens > 200000 maximum'
    const refused = aCapture({
      protocol: 'anthropic-messages',
      status: 400,
      answer: { type: 'error', error: { type: 'invalid_request_error', message } },
    })
    expect(issuesOf(contextNearLimit, refused)).toMatchObject([
      { severity: 'error', fault: 'client', evidence: { input: 214_513, limit: 200_000 } },
    ])
  })
})
