import { bodyLength } from '../../view/leg.ts'
import type { Detector, Subject } from '../detector.ts'
import { quoted } from '../quoted.ts'
import { type EarlierTurn, earlierTurn, sameCache } from './earlier-turn.ts'
import { type Difference, firstDifference, type Segment } from './prefix.ts'

/** Shorter prompts are not cached by any provider. */
export const leastCachedTokens = 1024

/** Reference §4.2, 62: the client changed what it had said, so that all behind it is paid for anew. */
export const cachePrefixBroken: Detector = {
  code: 'cache_prefix_broken',
  severity: 'warn',
  summary: 'A turn changed what its session had sent before, so that the cache could not serve it',
  *find(subject) {
    const turn = earlierTurn(subject)
    if (!turn || !sameCache(turn) || !isCached(subject, turn)) return
    const difference = firstDifference(turn.before, turn.after)
    if (!difference) return
    const what = classified(difference, turn)
    const [before, after] = snippets(difference)
    yield {
      severity: 'warn',
      fault: 'client',
      leg: 'CTP',
      description: `The request differs from the turn before at ${difference.path} (${what}), so that what follows was not in the cache.`,
      evidence: { path: difference.path, what, before, after, earlier: turn.earlier.exchange.id },
      hint: hints[what],
    }
  },
}

/** The prompt is long enough, and its provider caches such prompts. */
function isCached(subject: Subject, { earlier, earlierAttempt }: EarlierTurn): boolean {
  const usage = earlier.btp(earlierAttempt)?.answer?.usage
  const { ctp } = earlier.exchange
  const promptTokens = usage?.promptTokens ?? (ctp ? bodyLength(ctp) : 0) / 4
  if (promptTokens < leastCachedTokens) return false
  if (subject.exchange.protocol !== 'anthropic-messages') return true
  const body = ctp?.body() ?? new Uint8Array()
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes('"cache_control"')
}

const timelike = /\d{4}-\d\d-\d\d|\d\d?:\d\d|\b1[6-9]\d{8,11}\b/

type What =
  | 'a time in the text'
  | 'the order of the tools'
  | 'the tools'
  | 'the instructions'
  | 'an earlier message'

function classified({ kind, before, after }: Difference, turn: EarlierTurn): What {
  if (kind === 'tools') return isReordered(turn) ? 'the order of the tools' : 'the tools'
  if (timelike.test(around(before, after)) && timelike.test(around(after, before)))
    return 'a time in the text'
  return kind === 'system' ? 'the instructions' : 'an earlier message'
}

function isReordered({ before, after }: EarlierTurn): boolean {
  const names = (segments: readonly Segment[]) =>
    segments
      .filter(({ kind }) => kind === 'tools')
      .map(({ text }) => sorted(text))
      .sort()
      .join()
  return names(before) === names(after)
}

/** Gemini has its tools in one list within one element. */
function sorted(text: string): string {
  return [...text].sort().join('')
}

const hints: Record<What, string> = {
  'a time in the text':
    'Put what changes with the clock at the end of the conversation, or leave out the seconds.',
  'the order of the tools': 'Send the tools in the same order in every turn: sort them by name.',
  'the tools': 'Offer the same tools in every turn, and say in words which may be used.',
  'the instructions': 'Keep the instructions as they are within a session, and add what is new as a message.',
  'an earlier message':
    'Add to the conversation only; where it must be shortened, do so rarely and much at once.',
}

/** Some characters around the first that differs. */
function snippets({ before, after }: Difference): [string, string] {
  return [quoted(around(before, after)), quoted(around(after, before))]
}

function around(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  return text.slice(Math.max(0, at - 40), at + 40)
}
