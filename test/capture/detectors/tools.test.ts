import { describe, expect, test } from 'vitest'
import { toolArgsInvalid } from '../../../src/capture/detectors/tools/tool-args-invalid.ts'
import { toolCallUnanswered } from '../../../src/capture/detectors/tools/tool-call-unanswered.ts'
import { toolLoop } from '../../../src/capture/detectors/tools/tool-loop.ts'
import { toolResultOrphan } from '../../../src/capture/detectors/tools/tool-result-orphan.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { aCapture, edited, issuesOf, refused } from '../../support/a-capture.ts'

const call = (id: string, args = '{}', name = 'look') => ({
  ...{ id, type: 'function' },
  function: { name, arguments: args },
})
const asks = (...calls: JsonObject[]) => ({ role: 'assistant', content: null, tool_calls: calls })
const answers = (id: string, content = 'nothing yet') => ({ role: 'tool', tool_call_id: id, content })
const user = (content: string) => ({ role: 'user', content })

const conversation = (...messages: JsonObject[]) => aCapture({ request: { model: 'gpt-4o', messages } })

describe('arguments', () => {
  test('are shown by their shape, never by what they say', () => {
    const broken = aCapture({
      answer: {
        ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1767614400, model: 'gpt-4o' },
        choices: [
          {
            ...{ index: 0, finish_reason: 'tool_calls' },
            message: asks(call('c1', '{"password": "hunter2"'), call('c2', '{"ok": true}')),
          },
        ],
        usage: { prompt_tokens: 9, completion_tokens: 20, total_tokens: 29 },
      },
    })
    const issues = issuesOf(toolArgsInvalid, broken)
    expect(issues).toMatchObject([
      { severity: 'error', fault: 'backend', count: 1, evidence: { tool: 'look' } },
    ])
    expect(JSON.stringify(issues)).not.toContain('hunter2')
  })
})

describe('calls and results', () => {
  test('in parallel pair by their ids in any order', () => {
    const fine = conversation(
      user('Hi'),
      asks(call('a'), call('b')),
      answers('b'),
      answers('a'),
      user('And?'),
    )
    expect(issuesOf([toolCallUnanswered, toolResultOrphan], fine)).toEqual([])
  })

  test('are an error where the provider refused them, a warning where it did not', () => {
    const open = conversation(user('Hi'), asks(call('a')), user('Never mind.'))
    expect(issuesOf(toolCallUnanswered, open)).toMatchObject([
      { severity: 'warn', fault: 'client', leg: 'CTP', evidence: { id: 'a', message: 1 } },
    ])
    const error = { message: 'tool_call_ids did not have response messages', type: 'invalid_request_error' }
    const refusedOne = edited(open, (x) => refused(x, 400, { error }))
    expect(issuesOf(toolCallUnanswered, refusedOne)).toMatchObject([{ severity: 'error' }])
  })

  test('that the provider keeps are not missed', () => {
    const item = { type: 'function_call_output', call_id: 'call_1', output: 'x' }
    const on = (more: JsonObject) =>
      aCapture({ protocol: 'openai-responses', request: { model: 'gpt-4o', input: [item], ...more } })
    expect(issuesOf(toolResultOrphan, on({}))).toMatchObject([{ fault: 'client' }])
    expect(issuesOf(toolResultOrphan, on({ previous_response_id: 'resp_1' }))).toEqual([])
    expect(issuesOf(toolResultOrphan, on({ conversation: 'conv_1' }))).toEqual([])
  })
})

describe('a loop', () => {
  const turns = (count: number, result: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => [
      asks(call(`c${i}`, '{"b":1,"a":2}')),
      answers(`c${i}`, result(i)),
    ]).flat()
  const loop = (count: number, result = (index: number) => `line ${index}`) =>
    issuesOf(toolLoop, conversation(user('Hi'), ...turns(count, result)))

  test('is a note from 3 turns on, a warning from 5, an error from 10, and one worse with the same result', () => {
    const severities = [2, 3, 4, 5, 9, 10].map((count) => loop(count)[0]?.severity)
    expect(severities).toEqual([undefined, 'note', 'note', 'warn', 'warn', 'error'])
    const same = [2, 3, 4, 5, 9].map((count) => loop(count, () => 'no')[0]?.severity)
    expect(same).toEqual([undefined, 'warn', 'warn', 'error', 'error'])
  })

  test('goes on in the answer', () => {
    const going = aCapture({
      request: { model: 'gpt-4o', messages: [user('Hi'), ...turns(2, () => 'no')] },
      answer: {
        ...{ id: 'chatcmpl-1', object: 'chat.completion', created: 1767614400, model: 'gpt-4o' },
        choices: [{ index: 0, finish_reason: 'tool_calls', message: asks(call('c9', '{"a":2,"b":1}')) }],
      },
    })
    expect(issuesOf(toolLoop, going)).toMatchObject([{ evidence: { turns: 3, tool: 'look' } }])
  })

  test('is none where parallel sub-agents call the same tool in one turn', () => {
    const calls = Array.from({ length: 8 }, (_, i) => call(`p${i}`, '{"task":"look"}', 'agent'))
    const results = calls.map(({ id }) => answers(id))
    expect(issuesOf(toolLoop, conversation(user('Hi'), asks(...calls), ...results))).toEqual([])
  })

  test('is followed through the session where the provider keeps the conversation', () => {
    const called = (n: number) => ({
      ...{
        id: `resp_${n}`,
        object: 'response',
        created_at: 1767614400,
        status: 'completed',
        model: 'gpt-4o',
      },
      output: [{ type: 'function_call', id: `fc_${n}`, call_id: `call_${n}`, name: 'look', arguments: '{}' }],
      usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
    })
    const asked = (n: number) =>
      n === 0
        ? { model: 'gpt-4o', input: 'Hi' }
        : {
            ...{ model: 'gpt-4o', previous_response_id: `resp_${n - 1}` },
            input: [{ type: 'function_call_output', call_id: `call_${n - 1}`, output: 'no' }],
          }
    const capture = aCapture(
      Array.from({ length: 4 }, (_, n) => ({
        protocol: 'openai-responses' as const,
        request: asked(n),
        answer: called(n),
      })),
    )
    const issues = issuesOf(toolLoop, capture)
    expect(issues.map(({ exchange, evidence }) => [exchange, evidence.turns])).toEqual([
      ['x_3', 3],
      ['x_4', 4],
    ])
  })

  test('begins where the configuration says', () => {
    const capture = conversation(user('Hi'), ...turns(4, () => 'no'))
    expect(issuesOf(toolLoop, capture, { thresholds: { toolLoopTurns: 6 } })).toEqual([])
  })
})
