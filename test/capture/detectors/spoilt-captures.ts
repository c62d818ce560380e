import { randomFrom } from '../../corpus/random.ts'
import { type CaptureDraft, type ExchangeDraft, edited, type LegDraft } from '../../support/a-capture.ts'

/** What can happen to one leg, whoever did it. */
const ofALeg: ((leg: LegDraft) => unknown)[] = [
  (leg) => leg.keepBytes(0),
  (leg) => leg.keepBytes(1),
  (leg) => leg.cutTail(1),
  (leg) => leg.keepBytes(Math.floor(leg.body.length / 2)),
  (leg) => leg.dropChunk(0),
  (leg) => leg.setBody(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3])),
  (leg) => leg.setBody('null'),
  (leg) => leg.setBody('[]'),
  (leg) => leg.setBody('{"error":"boom"}'),
  (leg) => leg.setBody('{"error":null,"choices":[null,3,{"delta":[]}],"messages":[null,[],{"role":7}]}'),
  (leg) =>
    leg.setBody('{"messages":{},"tools":7,"input":[[]],"contents":[{"parts":[null]}],"content":[null,{}]}'),
  (leg) => leg.setBody('data: {"error":"boom"}\n\ndata: 7\n\ndata: [DONE]\n\ndata: {"choices":[{}]}\n\n'),
  (leg) => leg.setBody('event: message_start\ndata: {"type":"message_start"}\n\nevent: x\ndata\n\n'),
  (leg) => leg.setBody(`data: ${'['.repeat(2000)}\n\n`),
  (leg) => {
    leg.headers = []
    leg.headMs = null
    leg.status = null
    leg.method = null
    leg.url = null
  },
  (leg) => {
    leg.headers = [
      ['content-length', 'many'],
      ['retry-after', 'soon'],
      ['', ''],
      ['authorization', ''],
    ]
    leg.url = 'http://[::1'
  },
  (leg) => {
    leg.status = 599
  },
  (leg) => leg.endAs('error', 'socket hang up'),
  (leg) => {
    leg.end = null
  },
  (leg) => leg.delay(0, -60_000),
  (leg) => {
    leg.missing = 10
  },
]

/** What can be missing of an exchange. */
const ofAnExchange: ((x: ExchangeDraft) => unknown)[] = [
  (x) => x.unclosed(),
  (x) => {
    x.protocol = null
    for (const attempt of x.attempts) Object.assign(attempt, { protocol: null, model: null, backend: null })
  },
  (x) => {
    x.ctp = null
  },
  (x) => {
    x.ptc = null
  },
  (x) => {
    x.attempts = []
  },
  (x) => {
    x.attempt.ptb = null
  },
  (x) => {
    x.attempt.btp = null
  },
  (x) => {
    x.session = null
    x.turn = null
    x.requestedModel = null
    x.clientApp = null
  },
  (x) => {
    x.version = 2
    x.unclosed()
  },
]

/** The capture in every one of these states, and with bytes flipped by chance. */
export function spoiltCaptures(clean: CaptureDraft): CaptureDraft[] {
  const legs = (x: ExchangeDraft) => x.legs().length
  const count = Math.max(0, ...clean.exchanges.map(legs))
  const one = ofALeg.flatMap((spoil) =>
    Array.from({ length: count }, (_, index) =>
      edited(clean, (x) => {
        const leg = x.legs()[index]
        if (leg) spoil(leg)
      }),
    ),
  )
  const all = ofALeg.map((spoil) => edited(clean, (x) => x.legs().map(spoil)))
  const flipped = Array.from({ length: 20 }, (_, seed) =>
    edited(clean, (x) => x.legs().map((leg) => flip(leg, seed))),
  )
  return [...one, ...all, ...flipped, ...ofAnExchange.map((spoil) => edited(clean, spoil))]
}

function flip(leg: LegDraft, seed: number): void {
  const random = randomFrom('flip', seed, leg.leg)
  const bytes = Buffer.from(leg.body)
  for (let i = 0; i < 3 && bytes.length > 0; i++) {
    bytes[random.int(0, bytes.length - 1)] = random.int(0, 255)
  }
  leg.setBody(bytes)
}
