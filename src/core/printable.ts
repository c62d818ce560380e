/**
 * Text from outside, made fit for a terminal, a log line or a header: control and escape sequences are
 * shown as symbols, so that nothing from a provider or client can move the cursor or forge a line.
 */
export function printable(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const shown = text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    symbol,
  )
  return shown.length > maxLength ? `${shown.slice(0, Math.max(0, maxLength - 1))}…` : shown
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
