import { expect, test } from 'vitest'
import { ProxyError } from '../../../src/core/errors.ts'
import { openAiResponses } from '../../../src/protocols/openai-responses/index.ts'

test.each([
  [41, 42],
  [undefined, 0],
])('after sequence number %s comes %s', (lastSequence, next) => {
  const place = { framing: 'sse', exchangeId: 'x_1', eventsPassed: 5, lastSequence } as const
  const text = openAiResponses.encodeStreamError(new ProxyError('backend_truncated', 'm'), place)
  expect(text).toBe(
    `event: error\ndata: {"type":"error","sequence_number":${next},"code":"backend_truncated","message":"m","param":null,` +
      '"error":{"type":"server_error","code":"backend_truncated","message":"m","param":null}}\n\n',
  )
})
