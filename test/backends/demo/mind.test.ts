import { expect, test } from 'vitest'
import { think } from '../../../src/backends/demo/mind.ts'
import type { Prompt } from '../../../src/backends/demo/prompt.ts'

const tool = (name: string) => ({ name, description: '', schema: null })
const bytes = Buffer.from('the request')

function prompt(lastUserText: string, changes: Partial<Prompt> = {}): Prompt {
  return {
    texts: [lastUserText],
    lastUserText,
    toolResults: [],
    tools: [],
    toolChoice: { mode: 'auto' },
    parallelCalls: true,
    maxTokens: null,
    ...changes,
  }
}

const calls = (asked: Prompt) => think(asked, bytes).calls.map((call) => call.name)

test.each([
  ['please use read_file', ['read_file']],
  ['Call `read_file` now', ['read_file']],
  ['USE "READ_FILE"', ['read_file']],
  ['use mcp.x-y, then call read_file', ['mcp.x-y', 'read_file']],
  ['use read_files', []],
  ['use read', []],
  ['reuse read_file', []],
  ['read_file is nice', []],
])('of "%s" it calls %j', (text, names) => {
  expect(calls(prompt(text, { tools: [tool('read_file'), tool('mcp.x-y')] }))).toEqual(names)
})

test('calls one tool only when calls may not be parallel', () => {
  const tools = [tool('a'), tool('b')]
  expect(calls(prompt('use b and call a', { tools, parallelCalls: false }))).toEqual(['b'])
})

test('does not call again when the results are there', () => {
  const toolResults = [{ name: 'a', text: 'done' }]
  const reply = think(prompt('use a', { tools: [tool('a')], toolResults }), bytes)
  expect(reply.calls).toEqual([])
  expect(reply.pieces.join('')).toBe('The tool a answered: done')
})

test('gives each call of an answer its own id, and others for another request', () => {
  const asked = prompt('use a and call b', { tools: [tool('a'), tool('b')] })
  const ids = [...think(asked, bytes).calls, ...think(asked, Buffer.from('other')).calls].map(
    (call) => call.id,
  )
  expect(new Set(ids).size).toBe(4)
})

test('says so when nothing was said, and cuts what is very long', () => {
  expect(think(prompt(' '), bytes).pieces.join('')).toBe('You said nothing.')
  const long = think(prompt('word '.repeat(10_000)), bytes).pieces
  expect(long.length).toBe(203)
  expect(long.at(-1)).toBe(' …')
})

test('keeps the spaces and lines of what it repeats', () => {
  expect(think(prompt('a  b\n\n  c'), bytes).pieces.join('')).toBe('You said: a  b\n\n  c')
})
