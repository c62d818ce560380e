import { expect, it } from 'vitest'
import { expandPrevious } from '../../../src/proxy/stored-responses/expand-previous.ts'

const previous = {
  response: { output: [{ type: 'message', id: 'a' }] },
  input: [{ role: 'user', content: 'q' }],
}

it('changes the input and the id alone', () => {
  const body = '{ "temperature":1e0,"previous_response_id" : "resp_1",\n"input":"why?", "top_p":0.10 }'
  expect(expandPrevious(Buffer.from(body), previous).toString()).toBe(
    '{ "temperature":1e0,"previous_response_id" : null,\n"input":[{"role":"user","content":"q"},{"type":"message","id":"a"},{"type":"message","role":"user","content":[{"type":"input_text","text":"why?"}]}], "top_p":0.10 }',
  )
})

it('adds an input where there is none', () => {
  const expanded = expandPrevious(Buffer.from('{"previous_response_id":"resp_1"}'), previous)
  expect(JSON.parse(expanded.toString())).toEqual({
    previous_response_id: null,
    input: [
      { role: 'user', content: 'q' },
      { type: 'message', id: 'a' },
    ],
  })
})
