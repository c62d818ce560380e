import { type CaptureDraft, edited, lastOf, readingOf } from '../../../support/a-capture.ts'
import { closedAs, halved, isSse, isStream } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

type Ends = 'eof' | 'abort_backend' | 'abort_client'

/** Half of it came, then its connection ended so. */
function cut(capture: CaptureDraft, btp: Ends, ptc: 'abort_proxy' | 'abort_client'): CaptureDraft | null {
  if (!isStream(capture)) return null
  let isCut = false
  const spoilt = edited(capture, (x) => {
    isCut = halved(x)
    x.btp.endAs(btp, btp === 'abort_backend' ? 'socket hang up' : null)
    x.answer.endAs(ptc)
    closedAs(x, 'incomplete', ptc === 'abort_client' ? 'client_disconnect' : 'truncated')
  })
  return isCut ? spoilt : null
}

const proxysError =
  'data: {"error":{"message":"backend openai ended its stream before the answer was complete","type":"server_error","param":null,"code":"backend_truncated"}}\n\n'

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the connection ends in order after half of it',
      apply: (clean) => cut(clean, 'eof', 'abort_proxy'),
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the connection is reset after half of it',
      apply: (clean) => cut(clean, 'abort_backend', 'abort_proxy'),
      expects: { fault: 'network', severity: 'error' },
    },
    {
      name: 'a good status and no byte of a stream',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) => {
              x.bothAnswers((leg) => leg.keepBytes(0))
              closedAs(x, 'incomplete', 'truncated')
            })
          : null,
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy tells the client of it in the stream',
      apply: (clean) => {
        const spoilt =
          isSse(clean) && lastOf(clean).protocol === 'openai-chat' ? cut(clean, 'eof', 'abort_proxy') : null
        return (
          spoilt &&
          edited(spoilt, (x) =>
            x.answer.chunks.push({ ms: x.answer.lastMs(), bytes: Buffer.from(`\n\n${proxysError}`) }),
          )
        )
      },
      expects: { fault: 'backend', severity: 'error' },
    },
  ],
  nearMisses: [
    { name: 'the client left in the middle', apply: (clean) => cut(clean, 'abort_client', 'abort_client') },
    {
      name: 'the connection is reset behind the last event',
      apply: (clean) =>
        isStream(clean) ? edited(clean, (x) => x.btp.endAs('abort_backend', 'socket hang up')) : null,
    },
    {
      name: 'no [DONE] behind the finish reasons',
      apply: (clean) => {
        if (!isSse(clean) || lastOf(clean).protocol !== 'openai-chat') return null
        const near = edited(clean, (x) =>
          x.bothAnswers((leg) => leg.dropBlocks(({ data }) => data === '[DONE]')),
        )
        const x = lastOf(near)
        return readingOf(x, x.btp).isTerminated ? near : null
      },
    },
    {
      name: 'it ends in the middle with an error that says why',
      apply: (clean) =>
        isSse(clean)
          ? edited(clean, (x) =>
              x.bothAnswers((leg) => {
                const blocks = leg.blocks()
                leg.setBlocks(blocks.slice(0, Math.ceil(blocks.length / 2)))
                leg.chunks.push({
                  ms: leg.lastMs(),
                  bytes: Buffer.from(
                    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
                  ),
                })
              }),
            )
          : null,
    },
  ],
}
