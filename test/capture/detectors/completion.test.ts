import { describe, expect, test } from 'vitest'
import { contentFiltered } from '../../../src/capture/detectors/completion/content-filtered.ts'
import { emptyCompletion } from '../../../src/capture/detectors/completion/empty-completion.ts'
import { modelMismatch } from '../../../src/capture/detectors/completion/model-mismatch.ts'
import { isOtherModel } from '../../../src/capture/detectors/completion/model-names.ts'
import { outputTruncated } from '../../../src/capture/detectors/completion/output-truncated.ts'
import { reasoningAteBudget } from '../../../src/capture/detectors/completion/reasoning-ate-budget.ts'
import { usageMismatch } from '../../../src/capture/detectors/completion/usage-mismatch.ts'
import { usageMissing } from '../../../src/capture/detectors/completion/usage-missing.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { aCapture, edited, issuesOf } from '../../support/a-capture.ts'

const all = [
  emptyCompletion,
  reasoningAteBudget,
  outputTruncated,
  contentFiltered,
  modelMismatch,
  usageMissing,
  usageMismatch,
]

function chat(choice: JsonObject, more: JsonObject = {}, request: JsonObject = {}) {
  const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }
  return aCapture({
    protocol: 'openai-chat',
    request: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], ...request },
    answer: {
      ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1767614400, model: 'gpt-4o', usage },
      choices: [{ index: 0, finish_reason: 'stop', ...choice }],
      ...more,
    },
  })
}

const said = (content: string | null, more: JsonObject = {}) => ({
  message: { role: 'assistant', content, ...more },
})

describe('an empty answer', () => {
  test('is the backend’s when it came so', () => {
    expect(issuesOf(emptyCompletion, chat(said('')))).toMatchObject([
      { severity: 'error', fault: 'backend', leg: 'BTP', attempt: 1, evidence: { completionTokens: 4 } },
    ])
  })

  test('is none with a tool call, a refusal or sound in it', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const fine = [
      { ...said(null, { tool_calls: [call] }), finish_reason: 'tool_calls' },
      said(null, { refusal: 'No.' }),
      said(null, { audio: { id: 'a', data: 'AAAA', transcript: 'Hello' } }),
    ]
    for (const choice of fine) expect(issuesOf(emptyCompletion, chat(choice))).toEqual([])
  })

  test('is none where one of several alternatives says something', () => {
    const two = chat(said(''), {
      choices: [
        { index: 0, finish_reason: 'stop', ...said('') },
        { index: 1, finish_reason: 'stop', ...said('Hello') },
      ],
    })
    expect(issuesOf(emptyCompletion, two)).toEqual([])
  })

  test('behind a tool result is a warning: models end their turn silently', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const messages = [
      { role: 'user', content: 'Do it.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'done' },
    ]
    expect(issuesOf(emptyCompletion, chat(said(''), {}, { messages }))).toMatchObject([{ severity: 'warn' }])
  })

  test('at a stop sequence is what the client asked for', () => {
    const stopped = aCapture({
      protocol: 'anthropic-messages',
      answer: {
        ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [] },
        ...{
          stop_reason: 'stop_sequence',
          stop_sequence: 'END',
          usage: { input_tokens: 9, output_tokens: 1 },
        },
      },
    })
    expect(issuesOf(emptyCompletion, stopped)).toEqual([])
  })

  test('of embeddings, counted tokens and refusals is not looked at', () => {
    const embeddings = aCapture({
      path: '/v1/embeddings',
      answer: {
        object: 'list',
        data: [{ object: 'embedding', index: 0, embedding: [0.1] }],
        model: 'gpt-4o',
      },
    })
    const counted = aCapture({
      protocol: 'anthropic-messages',
      path: '/v1/messages/count_tokens',
      answer: { input_tokens: 12 },
    })
    const refusal = aCapture({ status: 503, answer: { error: { message: 'overloaded' } } })
    for (const capture of [embeddings, counted, refusal]) {
      expect(
        issuesOf(
          all,
          edited(capture, (x) => x.unclosed()),
        ),
      ).toEqual([])
    }
  })

  test('of an exchange that is still open is not judged', () => {
    const open = edited(aCapture({ protocol: 'anthropic-messages', stream: true }), (x) => {
      x.bothAnswers((leg) => {
        leg.keepBytes(260)
        leg.end = null
      }).unclosed()
    })
    expect(issuesOf(all, open)).toEqual([])
  })
})

describe('an answer at its limit', () => {
  test('is told once: as thoughts where they took all of it, else as cut', () => {
    const usage = {
      ...{ prompt_tokens: 9, completion_tokens: 100, total_tokens: 109 },
      completion_tokens_details: { reasoning_tokens: 96 },
    }
    const eaten = chat({ ...said(''), finish_reason: 'length' }, { usage }, { max_completion_tokens: 100 })
    expect(issuesOf(all, eaten)).toMatchObject([
      { code: 'reasoning_ate_budget', fault: 'client', evidence: { limit: 100, reasoningTokens: 96 } },
    ])
    const cut = chat({ ...said('Hel'), finish_reason: 'length' }, {}, { max_completion_tokens: 100 })
    expect(issuesOf(all, cut)).toMatchObject([
      { code: 'output_truncated', severity: 'warn', fault: 'client' },
    ])
  })

  test('is nothing to speak of where the client asked for a word only', () => {
    const probe = chat({ ...said('Hel'), finish_reason: 'length' }, {}, { max_tokens: 1 })
    expect(issuesOf(all, probe)).toMatchObject([{ code: 'output_truncated', severity: 'info' }])
  })
})

test('an answer in which the model itself refuses is filtered', () => {
  expect(issuesOf(contentFiltered, chat(said(null, { refusal: 'I cannot help.' })))).toMatchObject([
    { severity: 'warn', fault: 'backend', evidence: { refusal: true } },
  ])
})

describe('the model that answered', () => {
  test.each([
    ['gpt-4o', 'gpt-4o-2024-08-06'],
    ['claude-sonnet-4-0', 'claude-sonnet-4-20250514'],
    ['claude-3-opus-latest', 'claude-3-opus-20240229'],
    ['anthropic/claude-sonnet-4.6', 'anthropic/claude-4.6-sonnet-20260217'],
    ['gemini-2.5-pro-preview-03-25', 'models/gemini-2.5-pro'],
    ['gemini-flash-latest', 'gemini-2.5-flash-preview-09-2025'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5-20250929'],
    ['llama3.3-70b', 'llama-3.3-70b'],
    ['mistral-large-latest', 'mistral-large-2411'],
    ['deepseek-reasoner', 'deepseek-v4-flash'],
    ['openrouter/auto', 'openai/gpt-5-mini'],
    ['gpt-4-turbo-preview', 'gpt-4-0125-preview'],
  ])('%s may call itself %s', (asked, answered) => {
    expect(isOtherModel(asked, answered)).toBe(false)
  })

  test.each([
    ['gpt-4o', 'gpt-4o-mini-2024-07-18'],
    ['gpt-5.5', 'gpt-5.4-2026-03-05'],
    ['claude-opus-4-5', 'claude-haiku-4-5-20251001'],
    ['gemini-2.5-pro', 'gemini-2.5-flash'],
    ['o3', 'o3-mini-2025-01-31'],
    ['gpt-5', 'claude-sonnet-4-5'],
    ['llama-3.3-70b', 'llama-3.1-8b'],
  ])('%s is not %s', (asked, answered) => {
    expect(isOtherModel(asked, answered)).toBe(true)
  })

  test('is a note where people run the server themselves, and free at Azure', () => {
    const other = chat(said('Hello'), { model: 'qwen-3-8b' })
    expect(issuesOf(modelMismatch, other)).toMatchObject([{ severity: 'warn', fault: 'backend' }])
    const local = edited(other, (x) => {
      x.ptb.url = 'http://127.0.0.1:11434/v1/chat/completions'
    })
    expect(issuesOf(modelMismatch, local)).toMatchObject([{ severity: 'note' }])
    const azure = edited(other, (x) => {
      x.attempt.backendType = 'azure'
    })
    expect(issuesOf(modelMismatch, azure)).toEqual([])
  })

  test('may be another than the client named, when routing says so', () => {
    const routed = edited(chat(said('Hello'), { model: 'claude-sonnet-4-5' }), (x) => {
      x.ptb.editJson((json) => Object.assign(json, { model: 'claude-sonnet-4-5' }))
      x.attempt.model = 'claude-sonnet-4-5'
      if (x.closed) Object.assign(x.closed.attempts[0]!, { model: 'claude-sonnet-4-5', replaces: true })
    })
    expect(issuesOf(modelMismatch, routed)).toEqual([])
  })
})

describe('usage', () => {
  test('that Anthropic counts down within one stream is a contradiction', () => {
    const stream = aCapture({ protocol: 'anthropic-messages', stream: true })
    const falling = edited(stream, (x) =>
      x.bothAnswers((leg) =>
        leg.insertBlock(
          -2,
          { type: 'message_delta', delta: { stop_reason: null }, usage: { output_tokens: 50 } },
          'message_delta',
        ),
      ),
    )
    expect(issuesOf(usageMismatch, falling)).toMatchObject([{ evidence: { before: 50, after: 4 } }])
  })

  test('with a total that is more than its parts is a note: some count hidden thoughts so', () => {
    const usage = { prompt_tokens: 35, completion_tokens: 12, total_tokens: 109 }
    expect(issuesOf(usageMismatch, chat(said('Hello'), { usage }))).toMatchObject([{ severity: 'note' }])
  })

  test('of a tool call has room for what calls cost beside their words', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
    const usage = { prompt_tokens: 35, completion_tokens: 90, total_tokens: 125 }
    const called = chat({ ...said(null, { tool_calls: [call] }), finish_reason: 'tool_calls' }, { usage })
    expect(issuesOf(usageMismatch, called)).toEqual([])
  })

  test('that an estimate by length contradicts is counted before it is told', () => {
    const hexadecimal = chat(said('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c'.repeat(100)), {
      usage: { prompt_tokens: 9, completion_tokens: 2700, total_tokens: 2709 },
    })
    const counted = (tokens: number) =>
      issuesOf(usageMismatch, hexadecimal, { models: { countTokens: () => tokens } })
    expect(issuesOf(usageMismatch, hexadecimal)).toMatchObject([
      { evidence: { reported: 2700, counted: 1200 } },
    ])
    expect(counted(2600)).toEqual([])
    expect(counted(1000)).toMatchObject([{ evidence: { reported: 2700, counted: 1000 } }])
  })

  test('that its length explains is not counted: that takes time', () => {
    const plain = chat(said('word '.repeat(400)), {
      usage: { prompt_tokens: 9, completion_tokens: 400, total_tokens: 409 },
    })
    expect(issuesOf(usageMismatch, plain, { models: { countTokens: () => 5 } })).toEqual([])
  })
})

test('a file of the original, without heads, protocols and interpretations, is read all the same', () => {
  const v2 = edited(chat(said('')), (x) => {
    x.version = 2
    x.unclosed()
    x.protocol = null
    Object.assign(x.attempt, { protocol: null, model: null })
    for (const leg of [x.request, x.btp, x.answer])
      Object.assign(leg, { headers: [], url: null, method: null })
  })
  expect(issuesOf(all, v2)).toMatchObject([{ code: 'empty_completion', fault: 'backend' }])
})
