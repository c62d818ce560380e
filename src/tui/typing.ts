import { isControlC, type Pressed } from './keys.ts'

/** What a key does to a text that is being typed. */
export type Typed =
  | { kind: 'text'; text: string }
  | { kind: 'accept' }
  | { kind: 'cancel' }
  | { kind: 'quit' }

const longestText = 200

export function typed(text: string, pressed: Pressed): Typed {
  const { input, key } = pressed
  if (isControlC(pressed)) return { kind: 'quit' }
  if (key.return) return { kind: 'accept' }
  if (key.escape) return { kind: 'cancel' }
  // Terminals send for the backspace key what Ink calls delete.
  if (key.backspace || key.delete) return { kind: 'text', text: [...text].slice(0, -1).join('') }
  if (key.ctrl && input === 'u') return { kind: 'text', text: '' }
  if (key.ctrl && input === 'w') return { kind: 'text', text: text.replace(/\S+\s*$/, '') }
  if (key.ctrl || key.meta || key.tab) return { kind: 'text', text }
  // Pasted text comes in one piece; a line has no breaks.
  const added = input.replace(/[\u0000-\u001f\u007f]/g, '')
  return { kind: 'text', text: (text + added).slice(0, longestText) }
}
