import type { Random } from '../../corpus/random.ts'

const words = (
  'the a proxy ledger answer provider stream token count cost report prompt model backend session window record ' +
  'every quietly seldom measures between counted written honest sum river harbour lantern winter orchard copper ' +
  'because although whether through against toward seventeen forty-two reconciliation incomprehensible naïve ' +
  'Straße façade 東京 données résumé error_code fetchUsage() {"key": [1, 2.5]} <tag> && || => https://example.com/a?b=c'
).split(' ') as [string, ...string[]]

/** Text as models write it: words, numbers, some code, some other alphabets. */
export function prose(random: Random, length: number): string {
  const said: string[] = []
  for (let at = 0; at < length; at++) {
    const end = random.int(1, 12) === 1 ? random.pick(['.', ',', ':', '.\n']) : ''
    said.push(random.int(1, 15) === 1 ? `${random.int(0, 99_999)}${end}` : random.pick(words) + end)
  }
  return said.join(' ')
}

/** The same text in the pieces of a stream, cut at no particular place. */
export function inPieces(random: Random, text: string): string[] {
  const letters = [...text]
  const pieces: string[] = []
  for (let at = 0; at < letters.length; ) {
    const next = at + random.int(1, 60)
    pieces.push(letters.slice(at, next).join(''))
    at = next
  }
  return pieces
}
