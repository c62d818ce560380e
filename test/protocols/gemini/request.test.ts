import { expect, test } from 'vitest'
import { gemini } from '../../../src/protocols/gemini/index.ts'

test.each(['systemInstruction', 'system_instruction'])('reads a request with %s', (key) => {
  const instruction = { parts: [{ text: 'You are Gemini CLI' }] }
  const facts = gemini.readRequest({
    [key]: instruction,
    contents: [{ role: 'user', parts: [] }, { role: 'model', parts: [] }, { parts: [] }],
    tools: [{ functionDeclarations: [{ name: 'read_file' }, { name: 'edit' }] }, { googleSearch: {} }],
  })
  expect(facts.conversation.map(({ answer }) => answer)).toEqual([false, false, true, false])
  expect(facts.conversation[0]?.item).toBe(instruction)
  expect(facts).toMatchObject({
    model: null,
    stream: false,
    asksForUsage: true,
    systemStart: 'You are Gemini CLI',
  })
  expect(facts.toolNames).toEqual(['read_file', 'edit'])
})

test('contents may be one object', () => {
  expect(gemini.readRequest({ contents: { role: 'user', parts: [] } }).conversation).toHaveLength(1)
})
