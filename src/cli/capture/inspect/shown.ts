import { printable } from '../../../core/printable.ts'
import { unknownMark } from '../../numbers.ts'
import { columnsOf, cutToColumns, piecesOfColumns } from '../../text-width.ts'
import { wrapped } from '../../wrapped.ts'

/** `13:04:20.123`, as clocks here show it. */
export function clockText(ns: number, digits: 0 | 3 = 3): string {
  const date = new Date(Math.floor(ns / 1e6))
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return digits === 0 ? time : `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** `2026-11-27 13:04:20` */
export function dateText(ns: number): string {
  const date = new Date(Math.floor(ns / 1e6))
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockText(ns, 0)}`
}

/** With microseconds, in UTC. */
export function isoText(ns: number | null): string | null {
  if (ns === null || !Number.isFinite(ns) || Math.abs(ns) > 8.64e21) return null
  const micros = Math.floor(ns / 1e3)
  const text = new Date(Math.floor(micros / 1e3)).toISOString()
  return `${text.slice(0, -1)}${String(((micros % 1000) + 1000) % 1000).padStart(3, '0')}Z`
}

/** `987 B`, `48.2 kB`, `1.1 GB` */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return unknownMark
  if (bytes < 1e3) return `${bytes} B`
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
  ] as const) {
    if (bytes >= size * 0.9995) return `${(bytes / size).toFixed(1)} ${unit}`
  }
  return `${(bytes / 1e3).toFixed(1)} kB`
}

/** Names come from outside. */
export function nameText(name: string | null, most = 60): string {
  return name === null || name === '' ? unknownMark : printable(name, most)
}

/** Lines of text from outside, none with anything that a terminal would obey. */
export function textLines(text: string, width: number, most: number): { lines: string[]; more: number } {
  const all = text.split(/\r\n|\n|\r/)
  if (all.at(-1) === '') all.pop()
  const lines = all.slice(0, most).map((line) => cutToColumns(printable(line), Math.max(20, width)))
  return { lines, more: all.length - lines.length }
}

/** Bytes as text; what is no UTF-8 is shown as such. */
export function decodedText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Sixteen bytes a line: where, in hexadecimal, and as text. */
export function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16)
    const hex = Array.from(
      row,
      (byte, index) => `${index === 8 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`,
    )
    const text = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.join(' ').padEnd(49)} |${text.join('')}|`)
  }
  return lines
}

/** A file as a shell takes it, behind a space; nothing for the default one. */
export function shellArgument(named: string | null): string {
  if (named === null) return ''
  return /^[\w@%+=:,./-]+$/.test(named) ? ` ${named}` : ` '${named.replaceAll("'", `'\\''`)}'`
}

/** Text in lines that are never wider; words that are, such as JSON without a blank, are broken where they must. */
export function foldedText(text: string, width: number): string[] {
  return wrapped(text, width).flatMap((line) => {
    return columnsOf(line) <= width ? [line] : piecesOfColumns(line, width)
  })
}
