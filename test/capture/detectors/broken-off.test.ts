import { expect, test } from 'vitest'
import { detectors } from '../../../src/capture/detectors/index.ts'
import { ProxyError } from '../../../src/core/errors.ts'
import { type ProtocolName, protocolNames } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { aCapture, type CaptureDraft, edited, issuesOf, lastOf } from '../../support/a-capture.ts'

/** Where the backend stopped, in the bytes of its stream. */
const places = {
  'within a character': (body: Buffer) => body.indexOf('€') + 1,
  'within an event': (body: Buffer) => body.indexOf('€') - 3,
  'between two events': (body: Buffer) => body.indexOf('\n\n', body.indexOf('€')) + 2,
}

/** The backend stopped there, and the proxy wrote its error behind it, as it does. */
function brokenOff(protocol: ProtocolName, place: (body: Buffer) => number): CaptureDraft {
  const whole = edited(aCapture({ protocol, stream: true }), (x) =>
    x.bothAnswers((leg) => leg.replaceText(/Hello/g, 'Hell€')),
  )
  const at = place(lastOf(whole).btp.body)
  return edited(whole, (x) => {
    x.bothAnswers((leg) => leg.keepBytes(at))
    x.btp.endAs('abort_backend', 'closed')
    const decoder = protocolNamed(protocol).streamDecoder('sse')
    decoder.push(x.btp.body)
    const isBetween = decoder.betweenBlocks
    decoder.end()
    const error = new ProxyError('backend_closed', 'closed the connection before its answer was complete')
    const { eventsSeen: eventsPassed, lastSequence } = decoder
    const about = { framing: 'sse', exchangeId: x.id, eventsPassed, lastSequence } as const
    const words = protocolNamed(protocol).encodeStreamError(error, about)
    x.answer.chunks.push({ ms: x.answer.lastMs(), bytes: Buffer.from(isBetween ? words : `\n\n${words}`) })
    x.answer.endAs('abort_proxy')
    if (!x.closed) return
    Object.assign(x.closed, {
      outcome: 'incomplete',
      incomplete_reason: 'backend_error',
      error: 'backend_closed',
    })
    Object.assign(x.closed.attempts[0] ?? {}, { error: 'backend_closed: closed' })
  })
}

const all = protocolNames.flatMap((protocol) =>
  Object.entries(places).map(([where, place]) => ({ protocol, where, place })),
)

test.each(all)(
  'a backend that stopped $where ($protocol) is one trouble, and none of the proxy',
  ({ protocol, place }) => {
    const issues = issuesOf(detectors, brokenOff(protocol, place))
    expect(issues.map(({ code, fault }) => [code, fault])).toEqual([['truncated_stream', 'network']])
  },
)
