import { cutBytes } from '../support/chunking.ts'
import { encode, head, paced, raw, type Script, write } from '../support/fake-provider.ts'
import type { LegRequest } from './corpus-world.ts'
import type { Random } from './random.ts'
import type { RecordedCall } from './recorded-call.ts'
import type { Variant } from './variant.ts'
import { answerText, pieceSizes, requestText } from './wire-forms.ts'

/** One recorded exchange in one form: what is sent, and what must arrive. */
export interface Replay {
  request: Omit<LegRequest, 'path'>
  providerPath: string
  proxyPath: string
  /** The request's body without its encoding; null without one. */
  sent: Buffer | null
  /** The answer's body without its encoding. */
  answered: Buffer
}

export function replayOf(call: RecordedCall, variant: Variant, random: Random): Replay {
  const { form, encoding } = variant.request
  const sent = call.body && Buffer.from(requestText(call.body, form, random))
  const answered = Buffer.from(answerText(call, variant.answer))
  const asArray = (path: string) => (variant.answer.array ? path.replace('?alt=sse', '') : path)
  return {
    request: {
      method: call.method,
      headers: {
        ...call.headers,
        ...(sent && encoding && { 'content-encoding': encoding }),
        ...(variant.answer.asked &&
          variant.answer.encoding && { 'accept-encoding': variant.answer.encoding }),
      },
      body: sent && encoding ? encode(sent, encoding) : sent,
      script: answerScript(call, variant.answer, answered, random),
    },
    providerPath: asArray(call.providerPath),
    proxyPath: asArray(call.path),
    sent,
    answered,
  }
}

function answerScript(call: RecordedCall, form: Variant['answer'], text: Buffer, random: Random): Script {
  const { status, headers } = call.recorded.response
  const bytes = form.encoding ? encode(text, form.encoding) : text
  // A stream's length is never known; single bytes come in chunks of their own.
  const sized = form.sized && !call.streams && form.pieces !== 'bytes'
  const begin = head(status, {
    ...headers,
    ...(form.array && { 'content-type': 'application/json; charset=UTF-8' }),
    ...(form.encoding && { 'content-encoding': form.encoding }),
    ...(sized && { 'content-length': String(bytes.length) }),
  })
  switch (form.pieces) {
    case 'whole':
      return [begin, write(bytes)]
    case 'random':
      return [begin, paced(cutBytes(bytes, pieceSizes(bytes.length, random)))]
    case 'bytes':
      // Chunks of one byte each arrive one by one, in however few packets they travel.
      return [begin, raw(Buffer.concat([...bytes].map((byte) => Buffer.from([0x31, 13, 10, byte, 13, 10]))))]
  }
}
