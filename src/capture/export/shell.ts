import { isUtf8 } from 'node:buffer'
import { printableLines } from '../../core/printable.ts'

/**
 * A word that any POSIX shell takes as this text; nothing in it is a command, nor obeyed by a terminal that shows it. NUL,
 * which no word can hold, is left out.
 */
export function shellWord(text: string): string {
  const plain = text.replaceAll('\0', '')
  if (isObeyed(plain)) return printedWord(plain)
  return /^[\w./:@%+=,-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`
}

/** By way of `printf`, whose last line ends a shell leaves out. */
function printedWord(text: string): string {
  const head = text.replace(/\n+$/, '')
  const ends = text.slice(head.length)
  return `"$(printf ${printfFormat(head)})"${ends === '' ? '' : `'${ends}'`}`
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
  const text = isText ? bytes.toString() : null
  if (text !== null && bytes.length <= longestWord && !isObeyed(text)) {
    // Unlike --data-binary it takes a leading @ for what it is.
    return { before: '', argument: `--data-raw ${shellWord(text)}` }
  }
  return { before: `${printing(text, bytes)} | `, argument: '--data-binary @-' }
}

function printing(text: string | null, bytes: Buffer): string {
  if (text === null) return `printf '${octal(bytes)}'`
  return isObeyed(text) ? `printf ${printfFormat(text)}` : `printf %s ${shellWord(text)}`
}

function isObeyed(text: string): boolean {
  return printableLines(text) !== text
}

/** A format of `printf` for a text: letters of all kinds as they are, what a terminal would obey in octal. */
function printfFormat(text: string): string {
  const parts = Array.from(text, (character) =>
    isObeyed(character) || /[%\\'-]/.test(character) ? allOctal(character) : character,
  )
  return `'${parts.join('')}'`
}

function allOctal(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
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
