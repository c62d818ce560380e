import { describe, expect, it } from 'vitest'
import type { Call, Message, ToolResultPart } from '../../../src/core/call.ts'
import { orderedTurns } from '../../../src/protocols/translation/tool-turns.ts'

const asks: Message = { role: 'user', parts: [{ type: 'text', text: 'go' }] }

function calls(...ids: string[]): Message {
  return {
    role: 'assistant',
    parts: ids.map((id) => ({ type: 'tool_call', id, name: 'f', arguments: '{}' })),
  }
}

function result(callId: string, text = callId): ToolResultPart {
  return { type: 'tool_result', callId, content: [{ type: 'text', text }], isError: false }
}

/** The messages in short: `a:call(x)`, `u:result(x) text(…)`. */
function ordered(...messages: Message[]): string[] {
  return orderedTurns({ messages } as unknown as Call).map(({ role, parts }) => {
    const said = parts.map((part) => {
      if (part.type === 'tool_call') return `call(${part.id})`
      if (part.type === 'tool_result') {
        const [first] = part.content
        return `result(${part.callId}=${first?.type === 'text' ? first.text : ''}${part.isError ? '!' : ''})`
      }
      return part.type === 'text' ? `text(${part.text})` : part.type
    })
    return `${role[0]}:${said.join(' ')}`
  })
}

describe('the turns of a conversation with tools', () => {
  it('have all results of a turn right behind it, in the order of the calls, before the user’s words', () => {
    expect(
      ordered(
        asks,
        calls('a', 'b'),
        { role: 'user', parts: [{ type: 'text', text: 'and' }, result('b')] },
        { role: 'user', parts: [result('a')] },
      ),
    ).toEqual(['u:text(go)', 'a:call(a) call(b)', 'u:result(a=a) result(b=b) text(and)'])
  })

  it('have the results that the client put behind later turns', () => {
    expect(
      ordered(
        asks,
        calls('a'),
        { role: 'system', parts: [{ type: 'text', text: 's' }] },
        {
          role: 'user',
          parts: [result('a')],
        },
      ),
    ).toEqual(['u:text(go)', 'a:call(a)', 'u:result(a=a)', 's:text(s)'])
  })

  it('say that a call has no result', () => {
    expect(ordered(asks, calls('a'), asks)).toEqual([
      'u:text(go)',
      'a:call(a)',
      'u:result(a=no result of this call was recorded!) text(go)',
    ])
  })

  it('keep a result whose call is not there, as words', () => {
    expect(ordered({ role: 'user', parts: [result('gone', 'it rains')] })).toEqual([
      'u:text(Result of the tool call gone:) text(it rains)',
    ])
  })

  it('give each call its own result where a model counts its ids from 0 in each turn', () => {
    expect(
      ordered(asks, calls('0'), { role: 'user', parts: [result('0', 'one')] }, calls('0'), {
        role: 'user',
        parts: [result('0', 'two')],
      }),
    ).toEqual(['u:text(go)', 'a:call(0)', 'u:result(0=one)', 'a:call(0)', 'u:result(0=two)'])
  })

  it('join neighbours of one role, but for instructions', () => {
    const system: Message = { role: 'system', parts: [{ type: 'text', text: 's' }] }
    expect(ordered(system, system, asks, asks)).toEqual(['s:text(s)', 's:text(s)', 'u:text(go) text(go)'])
  })
})
