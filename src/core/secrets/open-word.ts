/** What ends a word, as far as keys go: white space, quotes, brackets and the like. */
const endsWord = new Uint8Array(256).fill(1)
for (let code = 0x21; code < 0x7f; code++) {
  if (!'"\'`<>{}()[],;\\|'.includes(String.fromCharCode(code))) endsWord[code] = 0
}

/** What may stand before a key and belongs to what it is recognised by. */
const introduction = /(?:bearer|[\w-]{0,24}-key)["']?\s{0,8}:?\s{0,4}["']?$/i
const maxIntroduction = 48
/** The same where the key may have spaces in it: everything up to the end of the line. */
const lineIntroduction = /(?:authorization|cookie)["']?\s{0,4}:?\s{0,4}["']?[^\r\n"'\\]*$/i
const maxLineIntroduction = 1024

/**
 * Where the word begins with which `bytes` end, together with what introduces it (`Bearer `, `"x-api-key": "`):
 * with more bytes it may turn out to be a key. The length of `bytes` if they end between words.
 */
export function openWordFrom(bytes: Buffer): number {
  let start = bytes.length
  while (start > 0 && endsWord[bytes[start - 1] ?? 0] === 0) start--
  const line = bytes.toString('latin1', Math.max(0, start - maxLineIntroduction), start)
  const found = lineIntroduction.exec(line) ?? introduction.exec(line.slice(-maxIntroduction))
  return start - (found?.[0].length ?? 0)
}
