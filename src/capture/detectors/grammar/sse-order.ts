import { isObject } from '../../../core/json.ts'
import type { AnswerReading, RawEvent } from '../../view/reading.ts'
import type { Detector } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { streamsOf } from './answer-legs.ts'
import { messageOrder } from './message-order.ts'
import type { OrderRule } from './order-rule.ts'
import { responseOrder } from './response-order.ts'

/** Reference §4.2, 36: Anthropic's and Responses' events come in an order that clients count on. */
export const sseOrder: Detector = {
  code: 'sse_order',
  severity: 'error',
  summary: 'Events of a stream came in an order that its protocol does not have',
  *find(subject) {
    for (const { reading, place } of streamsOf(subject)) {
      const broken = breachesIn(reading)
      const [first] = broken
      if (!first) continue
      const { at, what } = first
      yield {
        severity: 'error',
        ...place,
        offset: at.offset,
        entry: at.entry,
        atNs: at.atNs,
        count: broken.length,
        description: `${what}${broken.length > 1 ? `, and ${broken.length - 1} more events were out of order` : ''}.`,
        evidence: {
          event: at.name,
          data: quoted(at.data),
          number: reading.raw.indexOf(at),
          of: reading.raw.length,
        },
        hint:
          place.fault === 'proxy'
            ? 'The backend had sent it in order: a fault of the proxy, report it with this exchange.'
            : 'Clients lose content on it or throw: tell who runs the backend or the gateway in front of it.',
      }
      return
    }
  },
}

interface Breach {
  at: RawEvent
  what: string
}

function breachesIn({ raw }: AnswerReading): Breach[] {
  const found: Breach[] = []
  let rule: OrderRule | null = null
  for (const at of raw) {
    const { json } = at
    if (!at.isWhole || !isObject(json) || typeof json.type !== 'string') continue
    rule ??= json.type.startsWith('response.') ? responseOrder() : messageOrder()
    const what = rule(json.type, json)
    if (what !== null) found.push({ at, what })
  }
  return found
}
