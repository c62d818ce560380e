/**
 * Beyond ASCII, what a terminal obeys or does not show: C1 controls, characters without width, marks that turn the
 * direction of writing, and the tags (U+E0000 to U+E007F) that can hide a text within another.
 */
const unseen = String.raw`\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb`
const tag = String.raw`\udb40[\udc00-\udc7f]`
const obeyed = new RegExp(String.raw`[\u0000-\u001f${unseen}]|${tag}`, 'g')
const obeyedInLines = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f${unseen}]|${tag}`, 'g')
const obeyedInJson = new RegExp(`[${unseen}]|${tag}`, 'g')

/**
 * Text from outside, made fit for a terminal, a log line or a header: control and escape sequences are
 * shown as symbols, so that nothing from a provider or client can move the cursor or forge a line.
 */
export function printable(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const shown = text.replace(obeyed, symbol)
  if (shown.length <= maxLength) return shown
  // No character is cut in two.
  return `${shown.slice(0, Math.max(0, maxLength - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}

/** The same of a text in lines, which keeps them, and its tabs. */
export function printableLines(text: string): string {
  return text.replace(obeyedInLines, symbol)
}

/** The same text for whoever parses it, and nothing in it that a terminal obeys: `JSON.stringify` leaves that from U+007F on. */
export function printableJson(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replace(obeyedInJson, (characters) =>
    Array.from({ length: characters.length }, (_, at) => escaped(characters.charCodeAt(at))).join(''),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

function symbol(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}

/** Cut to 200 bytes of visible ASCII: what a header of ours may carry. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
