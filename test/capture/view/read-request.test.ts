import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRequest } from '../../../src/capture/view/read-request.ts'
import { protocolNames } from '../../../src/core/protocol-name.ts'
import { aCapture, lastOf } from '../../support/a-capture.ts'
import { aLeg } from '../../support/capture/a-leg.ts'

test('a request is its JSON, and the call that its protocol makes of it', () => {
  for (const protocol of protocolNames) {
    const leg = lastOf(aCapture({ protocol })).request.view(0, () => 0)
    const { json, call } = readRequest(leg, protocol)
    expect(json, protocol).toBeTypeOf('object')
    expect(call?.messages, protocol).toMatchObject([{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }])
    expect(readRequest(leg, null).call, protocol).toEqual(call)
  }
})

test("Gemini's model and whether to stream are in its path", () => {
  const body = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}'
  const url = '/v1beta/models/tuned%2Fmine:streamGenerateContent?alt=sse'
  expect(readRequest(aLeg([body], { url }), 'gemini').call).toMatchObject({
    model: 'tuned/mine',
    stream: true,
  })
})

test('what is no request of its protocol has no call', () => {
  expect(readRequest(aLeg(['{"messages":7}']), 'openai-chat')).toMatchObject({
    json: { messages: 7 },
    call: null,
  })
  expect(readRequest(aLeg(['{"mess']), 'openai-chat')).toMatchObject({ json: undefined, call: null })
  expect(readRequest(aLeg([]), null)).toMatchObject({ json: undefined, call: null })
})

test('whatever the bytes are, nothing throws', () => {
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .json()
      .map(
        (json) =>
          `{"model":${json},"messages":[${json},{"role":"user","content":${json}}],"tools":[${json}]}`,
      ),
    fc.json().map((json) => `{"input":[${json}],"contents":[{"parts":[${json}]}],"tools":${json}}`),
  )
  fc.assert(
    fc.property(body, fc.constantFrom(...protocolNames, null), (text, protocol) => {
      const reading = readRequest(aLeg([text], { url: `/models/%:x?${text}` }), protocol)
      expect([reading.json, reading.call]).toHaveLength(2)
    }),
    { numRuns: 500 },
  )
})
