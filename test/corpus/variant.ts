import type { Encoding } from '../support/fake-provider.ts'
import type { Random } from './random.ts'
import type { RecordedCall } from './recorded-call.ts'

/** How one exchange is written on the wire; what it says is always the same. */
export interface Variant {
  request: { form: 'recorded' | 'crlf' | 'odd'; encoding: Encoding | null }
  answer: {
    lineEnds: 'recorded' | 'crlf'
    pieces: 'whole' | 'random' | 'bytes'
    encoding: Exclude<Encoding, 'zstd'> | null
    /** Whether the client says that it takes the encoding. */
    asked: boolean
    /** With `content-length` rather than in chunks. */
    sized: boolean
    /** Gemini's streams as one JSON array. */
    array: boolean
  }
}

type AnswerForm = Variant['answer']

/** Bodies up to here also come one byte at a time. */
const byteWiseUpTo = 4096

export const asRecorded: Variant = {
  request: { form: 'recorded', encoding: null },
  answer: { lineEnds: 'recorded', pieces: 'whole', encoding: null, asked: false, sized: true, array: false },
}

/** The three that every exchange runs: as it is, the same cut up, and one with everything else left to chance. */
export function chosenVariants(call: RecordedCall, random: Random): Variant[] {
  const pieces = piecesFor(call, random)
  return [
    asRecorded,
    { ...asRecorded, answer: { ...asRecorded.answer, pieces, sized: false } },
    {
      request: {
        form: random.pick(['recorded', 'crlf', 'odd']),
        encoding: random.pick([null, 'gzip', 'br', 'zstd', 'deflate']),
      },
      answer: {
        lineEnds: random.pick(['recorded', 'crlf']),
        pieces: random.pick(['whole', piecesFor(call, random)]),
        encoding: random.pick([null, 'gzip', 'br', 'deflate']),
        asked: random.pick([true, false]),
        sized: random.pick([true, false]),
        array: canBeArray(call) && random.pick([true, false]),
      },
    },
  ]
}

/** Every form of the answer, each with a request written by chance. */
export function allVariants(call: RecordedCall, random: Random): Variant[] {
  return answerForms(call).map((answer) => ({
    request: {
      form: random.pick(['recorded', 'crlf', 'odd']),
      encoding: random.pick([null, 'gzip', 'br', 'zstd', 'deflate']),
    },
    answer,
  }))
}

function answerForms(call: RecordedCall): AnswerForm[] {
  const encodings = [
    { encoding: null, asked: false },
    { encoding: 'gzip', asked: true },
    { encoding: 'gzip', asked: false },
    { encoding: 'br', asked: true },
    { encoding: 'br', asked: false },
    { encoding: 'deflate', asked: true },
  ] as const
  const pieces = isSmall(call) ? (['whole', 'random', 'bytes'] as const) : (['whole', 'random'] as const)
  const arrays = canBeArray(call) ? [false, true] : [false]
  return (['recorded', 'crlf'] as const).flatMap((lineEnds) =>
    pieces.flatMap((piece) =>
      encodings.flatMap((encoded, i) =>
        arrays.map((array) => ({ lineEnds, pieces: piece, ...encoded, sized: i % 2 === 0, array })),
      ),
    ),
  )
}

function piecesFor(call: RecordedCall, random: Random): 'random' | 'bytes' {
  return isSmall(call) ? random.pick(['random', 'bytes']) : 'random'
}

function isSmall({ recorded }: RecordedCall): boolean {
  return Buffer.byteLength(recorded.response.body) < byteWiseUpTo
}

function canBeArray({ recorded, streams }: RecordedCall): boolean {
  return recorded.protocol === 'gemini' && streams
}
