import { type CaptureDraft, edited, type LegDraft, lastOf } from '../../../support/a-capture.ts'
import { isComplete } from '../fitting.ts'
import type { DetectorCases } from './case.ts'

/** The bytes have a character of more than one byte, or are made to. */
function withWords(capture: CaptureDraft): CaptureDraft | null {
  if (!isComplete(capture)) return null
  const { text } = lastOf(capture).btp
  if (!/"(?:content|text|delta|arguments)":\s*"[^"\\]/.test(text)) return null
  return edited(capture, (x) =>
    x.bothAnswers((leg) =>
      leg.setBody(
        leg.text.replace(
          /("(?:content|text|delta|arguments)":\s*")(?=[^"\\])/g,
          '$1Grüße, größer – 日本 😀 ',
        ),
      ),
    ),
  )
}

/** As decoding each chunk by itself does it, with a cut in the middle of a character. */
function decodedByChunk(leg: LegDraft): LegDraft {
  const bytes = leg.body
  const at = bytes.indexOf('ü') + 1
  const pieces = [bytes.subarray(0, at), bytes.subarray(at)]
  return leg.setBody(pieces.map((piece) => piece.toString('utf8')).join(''))
}

function asLatin1(leg: LegDraft): LegDraft {
  return leg.setBody(Buffer.from(leg.body.toString('latin1'), 'utf8'))
}

export const cases: DetectorCases = {
  mutations: [
    {
      name: 'the proxy decodes chunk by chunk',
      apply: (clean) => {
        const wordy = withWords(clean)
        return wordy && edited(wordy, (x) => decodedByChunk(x.answer))
      },
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend sends bytes that are no UTF-8',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          wordy &&
          edited(wordy, (x) =>
            x.bothAnswers((leg) => {
              const bytes = Buffer.from(leg.body)
              bytes[bytes.indexOf('ü')] = 0xfc
              leg.setBody(bytes)
            }),
          )
        )
      },
      expects: { fault: 'backend', severity: 'error' },
    },
    {
      name: 'the proxy encodes what is encoded',
      apply: (clean) => {
        const wordy = withWords(clean)
        return wordy && edited(wordy, (x) => asLatin1(x.answer))
      },
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the proxy loses a byte of a character',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          wordy &&
          edited(wordy, (x) => {
            const at = x.answer.body.indexOf('日')
            x.answer.setBody(Buffer.concat([x.answer.body.subarray(0, at), x.answer.body.subarray(at + 1)]))
          })
        )
      },
      expects: { fault: 'proxy', severity: 'error' },
    },
    {
      name: 'the backend encodes what is encoded',
      apply: (clean) => {
        const wordy = withWords(clean)
        return wordy && edited(wordy, (x) => x.bothAnswers(asLatin1))
      },
      expects: { fault: 'backend', severity: 'warn' },
    },
  ],
  nearMisses: [
    {
      name: 'an answer that is no text',
      apply: (clean) =>
        edited(clean, (x) =>
          x.bothAnswers((leg) => {
            leg.header('content-type', 'audio/mpeg')
            leg.setBody(Buffer.from([0xff, 0xf3, 0x64, 0xc4, 0x1b, 0xe9, 0x7f, 0x80]))
          }),
        ),
    },
    {
      name: 'characters split between chunks',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          wordy &&
          edited(wordy, (x) =>
            x.bothAnswers((leg) => {
              const bytes = leg.body
              const ms = leg.chunks[0]?.ms ?? 0
              leg.chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => ({
                ms: ms + i,
                bytes: bytes.subarray(i * 7, i * 7 + 7),
              }))
            }),
          )
        )
      },
    },
    {
      name: 'the model itself writes the replacement character',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          wordy &&
          edited(wordy, (x) => x.bothAnswers((leg) => leg.setBody(leg.text.replace(/日/g, '\ufffd'))))
        )
      },
    },
    {
      name: 'French, with its spaces',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          wordy &&
          edited(wordy, (x) =>
            x.bothAnswers((leg) =>
              leg.setBody(leg.text.replaceAll('Grüße', 'Voilà\u00a0! Déjà\u00a0» À\u00a0gauche, été\u00a0:')),
            ),
          )
        )
      },
    },
    {
      name: 'the end cuts a character',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          wordy && edited(wordy, (x) => x.bothAnswers((leg) => leg.keepBytes(leg.body.indexOf('日') + 1)))
        )
      },
    },
    {
      name: 'the client asks what such signs mean',
      apply: (clean) => {
        const wordy = withWords(clean)
        return (
          (wordy &&
            lastOf(wordy).request.body.length > 2 &&
            edited(wordy, (x) => {
              x.bothRequests((leg) =>
                leg.setBody(leg.text.replace(/\}\s*$/, ',"metadata":{"what":"Ã© Ã¼ Â»"}}')),
              )
              x.bothAnswers((leg) => leg.setBody(leg.text.replaceAll('Grüße', 'Ã© is é, Ã¼ is ü, Â» is »')))
            })) ||
          null
        )
      },
    },
  ],
}
