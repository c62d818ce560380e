import { describe, expect, it } from 'vitest'
import type { Event } from '../../../src/core/event.ts'
import { AnswerEditor } from '../../../src/protocols/translation/edit-answer.ts'

const none = { toolNames: {}, wrappedTools: [], answerTool: null }
const end: Event = { type: 'end', reason: 'tool', raw: 'tool_use' }

describe('an answer whose request was said differently', () => {
  it('has the client’s names of its tools', () => {
    const editor = new AnswerEditor({ ...none, toolNames: { short_1a: 'the_long_name' } })
    const events: Event[] = [
      { type: 'tool_call', index: 0, id: 'c', name: 'short_1a', arguments: '{"a"' },
      { type: 'tool_call', index: 0, arguments: ':1}' },
      { type: 'tool_call', index: 1, id: 'd', name: 'other', arguments: '{}' },
      end,
    ]
    expect(editor.push(events)).toEqual([
      { type: 'tool_call', index: 0, id: 'c', name: 'the_long_name', arguments: '{"a"' },
      { type: 'tool_call', index: 0, arguments: ':1}' },
      { type: 'tool_call', index: 1, id: 'd', name: 'other', arguments: '{}' },
      end,
    ])
  })

  it('has the free text of a custom tool that was offered as a function', () => {
    const editor = new AnswerEditor({ ...none, wrappedTools: ['apply_patch'] })
    expect(
      editor.push([{ type: 'tool_call', index: 0, id: 'c', name: 'apply_patch', arguments: '' }]),
    ).toEqual([{ type: 'tool_call', index: 0, id: 'c', name: 'apply_patch', arguments: '', custom: true }])
    expect(editor.push([{ type: 'tool_call', index: 0, arguments: '{"input":"a{}' }])).toEqual([])
    expect(editor.push([{ type: 'tool_call', index: 0, arguments: '\\n\\"b\\""}' }, end])).toEqual([
      { type: 'tool_call', index: 0, arguments: 'a{}\n"b"' },
      end,
    ])
  })

  it('keeps what the model wrote for a custom tool when it is no such object', () => {
    const editor = new AnswerEditor({ ...none, wrappedTools: ['apply_patch'] })
    const call: Event = { type: 'tool_call', index: 3, name: 'apply_patch', arguments: '*** Begin' }
    expect(editor.push([call, end])).toEqual([
      { type: 'tool_call', index: 3, name: 'apply_patch', arguments: '', custom: true },
      { type: 'tool_call', index: 3, arguments: '*** Begin' },
      end,
    ])
  })

  it('has the arguments of the tool that stood in for an output format as its text', () => {
    const editor = new AnswerEditor({ ...none, answerTool: 'answer' })
    const events: Event[] = [
      { type: 'tool_call', index: 0, id: 'c', name: 'answer', arguments: '' },
      { type: 'tool_call', index: 0, arguments: '{"a":' },
      { type: 'tool_call', index: 0, arguments: '1}' },
      end,
    ]
    expect(editor.push(events)).toEqual([
      { type: 'text', text: '{"a":' },
      { type: 'text', text: '1}' },
      { type: 'end', reason: 'stop', raw: 'tool_use' },
    ])
  })

  it('still ends in a tool call when another tool was called too', () => {
    const editor = new AnswerEditor({ ...none, answerTool: 'answer' })
    const events: Event[] = [
      { type: 'tool_call', index: 0, name: 'answer', arguments: '{}' },
      { type: 'tool_call', index: 1, name: 'look', arguments: '{}' },
      end,
    ]
    expect(editor.push(events).at(-1)).toEqual(end)
  })
})
