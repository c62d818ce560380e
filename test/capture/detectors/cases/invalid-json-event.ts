import { type CaptureDraft, edited, type LegDraft, lastOf } from '../../../support/a-capture.ts'
import { isSse } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

function breakOne(leg: LegDraft, to: (data: string) => string): LegDraft {
  return leg.editBlocks((blocks) => {
    const block =
      blocks.find(({ data }, index) => index >= blocks.length / 2 && data.startsWith('{')) ?? blocks[0]
    if (block) block.data = to(block.data)
  })
}

/** All blocks of it are JSON so far. */
function isJsonStream(capture: CaptureDraft): boolean {
  return (
    isSse(capture) &&
    lastOf(capture)
      .btp.blocks()
      .some(({ data }) => data.startsWith('{'))
  )
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the backend sends half an object as an event',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => breakOne(leg, (data) => data.slice(0, data.length >> 1))),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy spoils an event',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) => breakOne(x.answer, (data) => `${data.slice(0, -1)},`))
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend sends words instead of JSON',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.insertBlock(-1, 'upstream connect error or disconnect')),
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy writes a line break into a string',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) => breakOne(x.answer, (data) => data.replace('"', '"\n')))
          : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the end of the stream cuts an event',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => leg.keepBytes(Math.floor(leg.body.length / 2))))
          : null,
    },
    {
      name: 'comments, [DONE], a ping without data, and an object on two lines',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                breakOne(leg, (data) => data.replace('{', '{\n'))
                leg.editBlocks((blocks) => {
                  const ms = blocks.at(-1)?.ms ?? 0
                  blocks.splice(1, 0, { name: null, data: '', comment: 'keep-alive', ms: blocks[0]?.ms ?? 0 })
                  blocks.push(
                    { name: 'ping', data: '', comment: 'still here', ms },
                    { name: null, data: '[DONE]', comment: null, ms },
                  )
                })
              }),
            )
          : null,
    },
    {
      name: 'no space behind data:',
      apply: (clean) =>
        isJsonStream(clean)
          ? edited(clean, (x) => x.bothAnswers((leg) => leg.setBody(leg.text.replace(/^data: /gm, 'data:'))))
          : null,
    },
  ],
}
