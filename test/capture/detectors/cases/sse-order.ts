import { type CaptureDraft, edited, type LegDraft, lastOf } from '../../../support/a-capture.ts'
import type { Block } from '../../../support/capture/blocks.ts'
import { answerOf, isSse } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function isAnthropic(capture: CaptureDraft): boolean {
  return (
    isSse(capture) && lastOf(capture).protocol === 'anthropic-messages' && has(capture, 'content_block_delta')
  )
}

function isResponses(capture: CaptureDraft): boolean {
  return (
    isSse(capture) &&
    lastOf(capture).protocol === 'openai-responses' &&
    has(capture, 'response.output_item.added')
  )
}

function isNumbered(capture: CaptureDraft): boolean {
  return (
    isResponses(capture) &&
    answerOf(capture).raw.length > 4 &&
    /"sequence_number":\s*2\b/.test(answerOf(capture).text)
  )
}

function has(capture: CaptureDraft, type: string): boolean {
  return answerOf(capture).raw.some(({ data }) => typeOf(data) === type)
}

function typeOf(data: string): unknown {
  return data.startsWith('{') ? JSON.parse(data).type : undefined
}

/** Takes the first block of this type away, or puts it behind the next but one. */
function dropFirst(leg: LegDraft, type: string): LegDraft {
  return leg.editBlocks((blocks) => {
    blocks.splice(indexOf(blocks, type), 1)
  })
}

function indexOf(blocks: readonly Block[], type: string): number {
  return blocks.findIndex(({ data }) => typeOf(data) === type)
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'a block is not begun',
      apply: (clean) =>
        isAnthropic(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => dropFirst(leg, 'content_block_start')))
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy does not end a block',
      apply: (clean) =>
        isAnthropic(clean) ? edited(clean, (x) => dropFirst(x.answer, 'content_block_stop')) : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'an index is left out',
      apply: (clean) =>
        isAnthropic(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editEvents((json) => {
                  if (typeof json.index === 'number') json.index += 1
                }),
              ),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the message begins behind its first block',
      apply: (clean) =>
        isAnthropic(clean)
          ? edited(clean, (x) =>
              x.answer.editBlocks((blocks) => {
                const [start] = blocks.splice(indexOf(blocks, 'message_start'), 1)
                if (start) blocks.splice(indexOf(blocks, 'content_block_start') + 1, 0, start)
              }),
            )
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'two numbered events change places',
      apply: (clean) =>
        isNumbered(clean)
          ? edited(clean, (x) =>
              x.answer.editBlocks((blocks) => {
                const at = blocks.length >> 1
                const [one] = blocks.splice(at, 1)
                if (one) blocks.splice(at - 1, 0, one)
              }),
            )
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'a numbered event is missing',
      apply: (clean) =>
        isNumbered(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.editBlocks((blocks) => blocks.splice(blocks.length >> 1, 1))),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'what belongs to an item comes before it is added',
      apply: (clean) =>
        isResponses(clean)
          ? edited(clean, (x) =>
              x.answer.editBlocks((blocks) =>
                blocks.splice(indexOf(blocks, 'response.output_item.added'), 1),
              ),
            )
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'pings and events that nobody knows, anywhere',
      apply: (clean) =>
        isAnthropic(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editBlocks((blocks) => {
                  const more = (data: string): Block => ({ name: null, data, comment: null, ms: 0 })
                  const spread = blocks.flatMap((block) => [
                    { ...more('{"type":"ping"}'), ms: block.ms },
                    { ...more('{"type":"progress","index":9}'), ms: block.ms },
                    block,
                  ])
                  blocks.splice(0, blocks.length, ...spread)
                }),
              ),
            )
          : null,
    },
    {
      name: 'the stream is cut within a block',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.keepBytes(Math.floor(leg.body.length * 0.6)).endAs('abort_backend')),
            )
          : null,
    },
    {
      name: 'a stream that is taken up again begins with a later number',
      apply: (clean) =>
        isNumbered(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editEvents((json) => {
                  if (typeof json.sequence_number === 'number') json.sequence_number += 40
                }),
              ),
            )
          : null,
    },
    {
      name: 'no numbers at all',
      apply: (clean) =>
        isNumbered(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) =>
                leg.editEvents((json) => {
                  delete json.sequence_number
                }),
              ),
            )
          : null,
    },
    {
      name: 'an error ends the stream within a block',
      apply: (clean) =>
        isAnthropic(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                leg.setBlocks(leg.blocks().slice(0, 3))
                const error = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
                leg.chunks.push({ ms: leg.lastMs(), bytes: Buffer.from(`event: error\ndata: ${error}\n\n`) })
              }),
            )
          : null,
    },
  ],
}
