import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  doublyEncodedIn,
  invalidUtf8At,
  replacementsIn,
} from '../../../src/capture/detectors/grammar/broken-characters.ts'
import { invalidJsonEvent } from '../../../src/capture/detectors/grammar/invalid-json-event.ts'
import { sseOrder } from '../../../src/capture/detectors/grammar/sse-order.ts'
import { utf8SplitMojibake } from '../../../src/capture/detectors/grammar/utf8-split-mojibake.ts'
import { isValidUtf8 } from '../../../src/capture/view/valid-utf8.ts'
import { aCapture, edited, issuesOf } from '../../support/a-capture.ts'

const all = [invalidJsonEvent, sseOrder, utf8SplitMojibake]
const chat = aCapture({ protocol: 'openai-chat', stream: true })
const anthropic = aCapture({ protocol: 'anthropic-messages', stream: true })
const responses = aCapture({ protocol: 'openai-responses', stream: true })

test('an event that is no JSON is told with its place, once for all of them', () => {
  const broken = edited(chat, (x) =>
    x.bothAnswers((leg) => leg.insertBlock(1, '{"id":').insertBlock(3, 'oops')),
  )
  const at = broken.exchanges[0]!.btp.text.indexOf('data: {"id":\n')
  expect(issuesOf(invalidJsonEvent, broken)).toMatchObject([
    { fault: 'backend', leg: 'BTP', attempt: 1, offset: at, count: 2 },
  ])
})

test('streams of paths that nobody reads may have any data', () => {
  const untouched = edited(chat, (x) => {
    x.closed!.purpose = 'other'
    x.bothAnswers((leg) => leg.setBody('data: plain words\n\n'))
  })
  expect(issuesOf(all, untouched)).toEqual([])
})

test('an element of Gemini’s array that is broken is found as well', () => {
  const array = edited(aCapture({ protocol: 'gemini', stream: true }), (x) =>
    x.bothAnswers((leg) =>
      leg
        .setBody(
          '[{"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]},\n{"candidates":[{]},\n{"candidates":[]}]',
        )
        .header('content-type', 'application/json'),
    ),
  )
  expect(issuesOf(invalidJsonEvent, array)).toMatchObject([{ fault: 'backend' }])
})

test('what the capture has not seen the beginning of is not judged', () => {
  const late = edited(anthropic, (x) =>
    x.bothAnswers((leg) => {
      leg.headMs = null
      leg.dropChunk(0)
    }),
  )
  expect(issuesOf(all, late)).toEqual([])
})

test('the first event out of order is named, and one slip is one finding', () => {
  const lost = edited(anthropic, (x) =>
    x.answer.dropBlocks(({ data }) => data.includes('content_block_start')),
  )
  expect(issuesOf(sseOrder, lost)).toMatchObject([
    {
      fault: 'proxy',
      leg: 'PTC',
      count: 1,
      description: 'Something of block 0 came, and no block was open.',
    },
  ])
})

test('tool use without text, and several message_delta, are in order', () => {
  const tool = edited(anthropic, (x) =>
    x.bothAnswers((leg) =>
      leg
        .editEvents((json) => {
          if (json.content_block) json.content_block = { type: 'tool_use', id: 't', name: 'now', input: {} }
        })
        .dropBlocks(({ data }) => data.includes('content_block_delta'))
        .insertBlock(-1, { type: 'message_delta', delta: {}, usage: { output_tokens: 5 } }, 'message_delta'),
    ),
  )
  expect(issuesOf(sseOrder, tool)).toEqual([])
})

test('a message that begins too early is the seam’s, not the order’s', () => {
  const seam = edited(anthropic, (x) =>
    x.answer.editBlocks((blocks) => {
      const again = blocks.map((block) => ({ ...block, data: block.data.replace('msg_1', 'msg_2') }))
      blocks.splice(4, blocks.length, ...again)
    }),
  )
  expect(issuesOf(sseOrder, seam)).toEqual([])
})

test('another response may follow with numbers of its own', () => {
  const twice = edited(responses, (x) =>
    x.bothAnswers((leg) =>
      leg.editBlocks((blocks) => {
        blocks.push(...blocks.map((block) => ({ ...block, data: block.data.replace('resp_1', 'resp_2') })))
      }),
    ),
  )
  expect(issuesOf(sseOrder, twice)).toEqual([])
})

test('an item that was never added is missed at its first event', () => {
  const lost = edited(responses, (x) =>
    x.bothAnswers((leg) =>
      leg
        .dropBlocks(({ data }) => data.includes('output_item.added'))
        .editEvents((json, index) => {
          json.sequence_number = index
        }),
    ),
  )
  expect(issuesOf(sseOrder, lost)).toMatchObject([
    { fault: 'backend', description: 'response.content_part.added came before item 0 was added.' },
  ])
})

test('surrogates that a translation tears apart are the proxy’s', () => {
  const torn = edited(chat, (x) => {
    x.protocol = 'anthropic-messages'
    x.attempt.protocol = 'openai-chat'
    x.btp.setBody(x.btp.text.replace('Hello', '\\ud83d\\ude00'))
    x.ptc = anthropic.exchanges[0]!.answer.clone()
    x.answer.setBody(x.answer.text.replace('Hello', '\ufffd\ufffd'))
  })
  expect(issuesOf(utf8SplitMojibake, torn)).toMatchObject([
    { fault: 'proxy', evidence: { toClient: 2, fromBackend: 0 } },
  ])
})

test('a translation that repeats what the model wrote loses nothing', () => {
  const repeated = edited(chat, (x) => {
    x.protocol = 'openai-responses'
    x.btp.setBody(x.btp.text.replace('Hello', '\\ufffd'))
    x.ptc = responses.exchanges[0]!.answer.clone()
    x.answer.setBody(x.answer.text.replaceAll('Hello', '\ufffd'))
  })
  expect(issuesOf(utf8SplitMojibake, repeated)).toEqual([])
})

test('sound and images are no text', () => {
  const sound = edited(aCapture({ stream: false }), (x) => {
    x.closed!.purpose = 'other'
    x.bothAnswers((leg) =>
      leg.setBody(Buffer.from([0xff, 0xfb, 0x90, 0x44])).header('content-type', 'audio/mpeg'),
    )
  })
  expect(issuesOf(all, sound)).toEqual([])
})

test('replacement characters are counted plain and escaped', () => {
  expect(replacementsIn(Buffer.from('a\ufffdb\\ufffd\\uFFFD'))).toBe(3)
})

test('what is encoded twice is counted plain and escaped, and French is left alone', () => {
  expect(doublyEncodedIn(Buffer.from(Buffer.from('für größere Maße').toString('latin1')))).toBe(4)
  expect(doublyEncodedIn(Buffer.from('f\\u00c3\\u00bcr'))).toBe(1)
  expect(doublyEncodedIn(Buffer.from('für größere Maße, voilà\u00a0! déjà\u00a0», Â\u00a0la'))).toBe(0)
})

test('the first byte that fits nowhere is found where the platform finds one', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 24 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      (bytes, text) => {
        const body = Buffer.concat([Buffer.from(text), bytes])
        const at = invalidUtf8At(body)
        const rest = body.length - at
        expect(isValidUtf8(body.subarray(0, at))).toBe(true)
        if (isValidUtf8(body)) expect(rest).toBeLessThan(4)
        else expect(rest).toBeGreaterThan(0)
      },
    ),
  )
})
