import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { protocolNamed } from '../../../src/protocols/index.ts'
import { callOf, type ExchangeDraft, readingOf } from '../a-capture.ts'

/**
 * The same exchange at a backend of another protocol: its request and its whole answer in that protocol's words. Null
 * where something of it cannot be read, or would not be asked for there.
 */
export function translated(x: ExchangeDraft, to: ProtocolName): ExchangeDraft | null {
  const call = callOf(x, x.request)
  const { answer } = readingOf(x, x.btp)
  const { model } = x.attempt
  if (!call || !answer || model === null || x.protocol === null || x.protocol === to || !x.closed) return null
  const protocol = protocolNamed(to)
  const client = protocolNamed(x.protocol)
  const { body, lost } = protocol.encodeRequest(call, { backendType: to, model, askForUsage: true })
  const { messages: _messages, ...facts } = call
  const about = {
    ...{ exchangeId: x.id, createdS: 1767614400, call: facts, framing: 'sse' as const },
    source: { protocol: x.protocol, model },
  }
  const { path, query } = protocol.generation(model, false)
  x.ptb.url = `https://api.other.example${path}${query}`
  x.ptb.setBody(JSON.stringify({ ...body, stream: undefined }))
  x.btp
    .setBody(JSON.stringify(protocol.encodeAnswer(answer, about).body))
    .header('content-type', 'application/json')
  x.attempt.protocol = to
  const came = readingOf(x, x.btp).answer
  if (!came) return null
  const told = client.encodeAnswer(came, { ...about, source: { protocol: to, model } })
  x.answer.setBody(JSON.stringify(told.body)).header('content-type', 'application/json')
  const [first] = x.closed.attempts
  if (!first) return null
  first.protocol = to
  first.dropped = [...lost, ...told.lost].map(({ loss, param }) => param ?? client.paramNames[loss] ?? loss)
  return x
}
