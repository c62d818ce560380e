import { expect, it } from 'vitest'
import { lostHeaders } from '../../../../src/capture/replay/against/lost-headers.ts'

it('names each header that is not there any more, once', () => {
  const before = [
    ['x-request-id', 'req_1'],
    ['link', 'a'],
    ['link', 'b'],
    ['x-there', '1'],
  ] as const
  expect(lostHeaders(before, [['x-there', '2']])).toEqual([
    { path: 'header x-request-id', kind: 'header', before: 'req_1', after: undefined },
    { path: 'header link', kind: 'header', before: 'a', after: undefined },
  ])
})

it('does not miss what is new with each connection, day, cookie or network, nor what is compared anyway', () => {
  const before = [
    ...['connection', 'transfer-encoding', 'content-length', 'content-encoding', 'date', 'set-cookie', 'via'],
    ...['cf-ray', 'x-amz-cf-id', 'x-llmproxy-overhead-ms', 'content-type'],
  ].map((name) => [name, 'a'] as const)
  expect(lostHeaders(before, [])).toEqual([])
})
