import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readRecording } from '../../../../src/capture/replay/recording.ts'
import {
  chatAnswerBody,
  chatFrames,
  head,
  paced,
  startFakeProvider,
  write,
} from '../../../support/fake-provider.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { restart, v2Entry, v2Header } from '../../reader/v2/sample.ts'
import { replayedAgainst, wordsOf } from './replayed-against.ts'

const key = 'sk-proj-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'
const request = (stream: boolean) =>
  JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'hi' }] })
const answer = JSON.stringify(chatAnswerBody({ id: 'old' }))
const frames = chatFrames(['Hello', ' there'], { id: 'old' })

/** A whole answer, then a streamed one, with the provider's key in the clear. */
function original() {
  restart()
  const of =
    (rid: string) =>
    (fields: object = {}) => ({ meta: { sid: 's1', rid, be: 'openai', mod: 'm', ...fields } })
  const sent = (stream: boolean) =>
    `POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer ${key}\r\n\r\n${request(stream)}`
  const [one, two] = [of('r1'), of('r2')]
  const file = join(tempFolder(), 'old.cbor')
  writeFileSync(
    file,
    Buffer.concat([
      v2Header(),
      v2Entry(0, request(false), one()),
      v2Entry(2, sent(false), one()),
      v2Entry(3, `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${answer}`, one()),
      v2Entry(1, answer, one()),
      v2Entry(0, request(true), two()),
      v2Entry(2, sent(true), two()),
      v2Entry(3, '', two({ ss: true, sc: 200 })),
      ...frames.flatMap((frame, at) => [
        v2Entry(3, frame, two({ ci: at + 1 })),
        v2Entry(1, frame, two({ ci: at + 1 })),
      ]),
      v2Entry(3, '', two({ se: true, tc: frames.length })),
    ]),
  )
  return readRecording(file)
}

it('files of the original are replayed, compared without the heads that they do not have, and no key of theirs is sent', async () => {
  const exchanges = await original()
  const target = await startFakeProvider((asked) =>
    /"stream":true/.test(asked.body.toString())
      ? [
          head(200, { 'content-type': 'text/event-stream' }),
          paced(chatFrames(['Hello', ' there'], { id: 'new' })),
        ]
      : [
          head(200, { 'content-type': 'application/json' }),
          write(JSON.stringify(chatAnswerBody({ id: 'new' }))),
        ],
  )
  onTestFinished(target.close)
  expect(wordsOf(await replayedAgainst(target.url, exchanges, { concurrency: 1 }))).toEqual(['same', 'same'])
  expect(target.requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    `POST /v1/chat/completions ${request(false)}`,
    `POST /v1/chat/completions ${request(true)}`,
  ])
  expect(JSON.stringify(target.requests.map(({ rawHeaders }) => rawHeaders))).not.toContain(key.slice(8, 20))
  target.answer([head(200, { 'content-type': 'application/json' }), write(answer.replace('Hello', 'Hallo'))])
  expect(wordsOf(await replayedAgainst(target.url, exchanges.slice(0, 1)))).toEqual([
    'different choices[0].text',
  ])
})
