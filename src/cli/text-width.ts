/**
 * Two columns of a terminal: East Asian letters and emoji, as Unicode's `EastAsianWidth.txt` has them (W and F), but for
 * what is rarely met. What a terminal draws narrower is counted as wide, so that no line is longer than thought.
 */
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f320}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
/** Drawn upon the letter before. */
const combining = /\p{Mn}|\p{Me}|\p{Cf}/u
const narrowOnly = /^[\u0020-\u02ff\u2010-\u2027\u2190-\u2193\u2400-\u2426\u2500-\u259f\ufffd]*$/

/** How many columns of a terminal a text takes; in one line, and without escape sequences. */
export function columnsOf(text: string): number {
  if (narrowOnly.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += columnsOfOne(character)
  return columns
}

/** Cut to so many columns, with an ellipsis where something is missing. */
export function cutToColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  return `${beginningOf(text, Math.max(0, columns - 1))}…`
}

/** Filled up with spaces to so many columns. */
export function padToColumns(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, columns - columnsOf(text)))
  return align === 'right' ? spaces + text : text + spaces
}

/** A text in pieces of at most so many columns; a character that takes more has one of its own. */
export function piecesOfColumns(text: string, columns: number): string[] {
  const pieces: string[] = []
  for (let rest = text; rest !== ''; ) {
    const piece = beginningOf(rest, columns) || (rest.match(/^./su)?.[0] ?? rest)
    pieces.push(piece)
    rest = rest.slice(piece.length)
  }
  return pieces
}

function beginningOf(text: string, columns: number): string {
  if (narrowOnly.test(text)) return text.slice(0, columns)
  let taken = 0
  let at = 0
  for (const character of text) {
    taken += columnsOfOne(character)
    if (taken > columns) break
    at += character.length
  }
  return text.slice(0, at)
}

function columnsOfOne(character: string): number {
  return wide.test(character) ? 2 : combining.test(character) ? 0 : 1
}
