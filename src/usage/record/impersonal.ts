import { printable } from '../../core/printable.ts'

const longest = 200

/**
 * What may name a person, an account or a place, or quote what was said, in the words of a provider's error. Quoted
 * words go whole: they are as often a piece of the prompt as the name of a parameter.
 */
const personal: readonly (readonly [RegExp, string])[] = [
  [/(["'`“”‘’])(?:(?!\1).){1,2000}?\1/gs, '‹…›'],
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '(address)'],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '(e-mail)'],
  [/\b(org|proj|user|acct|cus|account|workspace|team)[-_][A-Za-z0-9]{6,}\b/g, '(account)'],
  [/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '(address)'],
  [/(?<![\w:])\[?(?:[0-9a-f:]*::[0-9a-f:.]*|(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4})\]?(:\d+)?/gi, '(address)'],
  [/\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|ai|dev|cloud|local|internal|test|example)\b(:\d+)?/gi, '(host)'],
]

/** A sentence as a record may keep it (`spec/usage.md`: no words, keys, addresses, account ids, e-mails, hosts). */
export function impersonal(text: string): string {
  const scrubbed = personal.reduce((words, [pattern, mark]) => words.replace(pattern, mark), text)
  return printable(scrubbed, longest)
}
