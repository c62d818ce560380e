import { type CaptureDraft, edited, type LegDraft, lastOf, refused } from '../../../support/a-capture.ts'
import { closedAs, isComplete, isSse, isWhole } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** The stream stops in the middle with this block. */
function endWith(capture: CaptureDraft, block: string, share = 0.5): CaptureDraft | null {
  if (!isSse(capture)) return null
  return edited(capture, (x) =>
    x.bothAnswers((leg: LegDraft) => {
      const blocks = leg.blocks()
      leg.setBlocks(blocks.slice(0, Math.floor(blocks.length * share)))
      leg.chunks.push({ ms: leg.lastMs(), bytes: Buffer.from(block) })
    }),
  )
}

const server = { error: { message: 'The server had an error', type: 'server_error', code: null } }

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'an error event with a name in the middle',
      apply: (clean) =>
        endWith(
          clean,
          'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"Internal server error"}}\n\n',
        ),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'a block with nothing but an error',
      apply: (clean) => endWith(clean, `data: ${JSON.stringify(server)}\n\n`),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'a failed response',
      apply: (clean) =>
        lastOf(clean).protocol === 'openai-responses'
          ? endWith(
              clean,
              'event: response.failed\ndata: {"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"server_error","message":"The model failed"},"output":[]}}\n\n',
            )
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'an error as the whole answer',
      apply: (clean) => (isWhole(clean) ? edited(clean, (x) => refused(x, 200, server)) : null),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy puts an error into an answer that was good',
      apply: (clean) =>
        isWhole(clean) ? edited(clean, (x) => x.answer.setBody(JSON.stringify(server))) : null,
      expects: { fault: 'proxy', severity: 'error' },
    },
  ],
  nearMisses: [
    {
      name: 'the same error with status 500',
      apply: (clean) => (isComplete(clean) ? edited(clean, (x) => refused(x, 500, server)) : null),
    },
    {
      name: 'an answer with error: null',
      apply: (clean) =>
        isWhole(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => leg.setBody(leg.text.replace(/\}\s*$/, ',"error":null}'))),
            )
          : null,
    },
    {
      name: 'the backend stops half way, and the proxy tells the client of it in the stream',
      apply: (clean) => {
        if (!isSse(clean) || lastOf(clean).protocol !== 'openai-chat') return null
        return edited(clean, (x) => {
          const blocks = x.btp.blocks().slice(0, 2)
          x.bothAnswers((leg) => leg.setBlocks(blocks))
          x.answer.chunks.push({
            ms: x.answer.lastMs(),
            bytes: Buffer.from(
              'data: {"error":{"message":"the stream ended early","type":"server_error","param":null,"code":"backend_truncated"}}\n\n',
            ),
          })
          x.answer.endAs('abort_proxy')
          closedAs(x, 'incomplete', 'truncated', 'backend_truncated')
        })
      },
    },
  ],
}
