import { asciiWordEnd } from './ascii-words.ts'
import { BytePairMerge } from './byte-pair-merge.ts'
import { o200kRanks } from './byte-ranks.ts'
import { wordPattern } from './word-pattern.ts'

const encoder = new TextEncoder()
const bytesPerUnit = 3
/** Room for a piece; longer texts, which few ask for, make more. */
let bytes = new Uint8Array(4096)
let merge: BytePairMerge | undefined

/**
 * Tokens of a text in OpenAI's o200k encoding; `<|endoftext|>` in it is text like any other. The first text waits for
 * the tokens to be read.
 */
export function countO200k(text: string): number {
  merge ??= new BytePairMerge(o200kRanks())
  if (bytes.length < text.length * bytesPerUnit) bytes = new Uint8Array(text.length * bytesPerUnit)
  const { written } = encoder.encodeInto(text, bytes)
  return written === text.length ? countAscii(merge, written) : countUnicode(merge, text)
}

function countAscii(words: BytePairMerge, end: number): number {
  let tokens = 0
  for (let start = 0; start < end; ) {
    const wordEnd = asciiWordEnd(bytes, start, end)
    tokens += words.count(bytes, start, wordEnd)
    start = wordEnd
  }
  return tokens
}

function countUnicode(words: BytePairMerge, text: string): number {
  let tokens = 0
  let start = 0
  for (const word of text.match(wordPattern) ?? []) {
    const wordEnd = start + bytesOf(word)
    tokens += words.count(bytes, start, wordEnd)
    start = wordEnd
  }
  return tokens
}

/** As the encoder writes them: half a surrogate pair takes three. */
function bytesOf(word: string): number {
  let length = 0
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i)
    if (unit < 0x80) length++
    else if (unit < 0x800) length += 2
    else if (unit >= 0xd800 && unit < 0xdc00 && (word.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 4
      i++
    } else length += 3
  }
  return length
}
