import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AnswerReader } from './answer-reader.ts'

const answers: [name: string, wire: string, body: string, complete: boolean][] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello', true],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n',
    'hello',
    true,
  ],
  [
    'an interim answer',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    'ok',
    true,
  ],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', '', true],
  ['the close', 'HTTP/1.1 200 OK\r\n\r\nhello', 'hello', false],
  [
    'chunks without an end',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n',
    'hel',
    false,
  ],
]

test.each(answers)('reads an answer framed by %s in any pieces', (_name, wire, body, complete) => {
  const bytes = Buffer.from(wire)
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const reader = new AnswerReader()
      const places = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      places.forEach((place, index) => {
        if (index > 0) reader.push(bytes.subarray(places[index - 1], place))
      })
      expect(reader.body().toString()).toBe(body)
      expect(reader.complete).toBe(complete)
    }),
  )
})
