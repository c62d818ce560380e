import { isUtf8 } from 'node:buffer'

/** A word that any POSIX shell takes as this text; nothing in it is a command. NUL, which no word can hold, is left out. */
export function shellWord(text: string): string {
  const plain = text.replaceAll('\0', '')
  return /^[\w./:@%+=,-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`
}

/** What a header's name and value are made of: nothing else is sent, nor read by curl as a file or another header. */
export function isSendableHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && !/[\0-\x08\x0a-\x1f\x7f]/.test(value)
}

/** A word in the command line has at most 128 KiB on Linux; a builtin's has no end. */
const longestWord = 100_000

/** A body for curl: as an argument, or by way of its standard input where it is too long or no text. */
export function curlBody(body: Uint8Array): { before: string; argument: string } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const isText = isUtf8(bytes) && !bytes.includes(0)
  if (isText && bytes.length <= longestWord) {
    // Unlike --data-binary it takes a leading @ for what it is.
    return { before: '', argument: `--data-raw ${shellWord(bytes.toString())}` }
  }
  const text = isText ? `printf %s ${shellWord(bytes.toString())}` : `printf ${shellWord(octal(bytes))}`
  return { before: `${text} | `, argument: '--data-binary @-' }
}

/** `%`, a backslash, a quote; and a dash, which could begin an option. */
const special = new Set([0x25, 0x5c, 0x27, 0x2d])

/** As `printf` writes it: letters as they are, the rest in octal. */
function octal(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const letter = byte >= 0x20 && byte < 0x7f && !special.has(byte)
    text += letter ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`
  }
  return text
}
