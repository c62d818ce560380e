import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../support/temp-folder.ts'
import { restart, v2Entry, v2Header } from '../../reader/v2/sample.ts'
import { notTheSame, replayedHere } from './replayed.ts'

const asked = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] }
const chunk = (delta: object, finish: string | null) => ({
  ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1764590400, model: 'gpt-4o' },
  choices: [{ index: 0, delta, finish_reason: finish }],
})

/** A file of the original: keys in clear, no heads on the client's side, no host on the provider's. */
function originalFile(): string {
  restart()
  const about = { rid: 'r1', be: 'openai', mod: 'gpt-4o' }
  const request = JSON.stringify({ ...asked, stream: true })
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    'Host: api.openai.com',
    'Authorization: Bearer sk-in-clear-0123456789abcdef',
    'Content-Type: application/json',
  ].join('\r\n')
  const events = [
    chunk({ role: 'assistant', content: 'Hello' }, null),
    chunk({ content: ' there' }, null),
    chunk({}, 'stop'),
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`)
  const chunks = [...events, 'data: [DONE]\n\n']
  const file = join(tempFolder(), 'original.cbor')
  writeFileSync(
    file,
    Buffer.concat([
      v2Header(),
      v2Entry(0, request, {
        meta: { rid: 'r1', be: 'client', http_method: 'POST', url: '/v1/chat/completions' },
      }),
      v2Entry(2, `${head}\r\n\r\n${request}`, { meta: about }),
      v2Entry(3, '', { meta: { ...about, ss: true, sc: 200 } }),
      ...chunks.map((text, at) => v2Entry(3, text, { meta: { ...about, ci: at + 1 } })),
      v2Entry(3, '', { meta: { ...about, se: true, tc: chunks.length } }),
      ...chunks.map((text, at) => v2Entry(1, text, { meta: { rid: 'r1', ci: at + 1, sc: 200 } })),
    ]),
  )
  return file
}

test('a capture of the original is replayed: what it does not say is no difference', async () => {
  const replayed = await replayedHere(originalFile())
  expect(notTheSame(replayed)).toEqual([])
  expect(replayed.map(({ outcome }) => outcome.verdict)).toEqual(['same'])
  const [{ outcome } = { outcome: null }] = replayed
  const legs =
    outcome && 'replayed' in outcome ? [outcome.replayed.ctp, outcome.replayed.attempts[0]?.ptb] : []
  expect(JSON.stringify(legs.map((leg) => leg?.headers))).not.toContain('sk-in-clear')
})
