import type { AttemptView } from '../../view/view.ts'
import type { Detector, Finding, Subject } from '../detector.ts'
import { credentialsOf, overwritten } from './overwritten.ts'

/**
 * Reference §4.2, 71: what the client opened this proxy or its own provider with, at a provider that it was not meant
 * for. Equal marks are equal secrets. A client's own login may go to the provider that its protocol belongs to.
 */
export const clientKeyForwarded: Detector = {
  code: 'client_key_forwarded',
  severity: 'error',
  summary: "The client's key was passed on to a backend that it was not meant for",
  *find(subject) {
    const { ctp, attempts } = subject.exchange
    if (!ctp) return
    const brought = new Map<string, string>()
    for (const { place, value } of credentialsOf(ctp)) if (isComparable(value)) brought.set(value, place)
    if (brought.size > 0) for (const attempt of attempts) yield* forwarded(subject, attempt, brought)
  },
}

/** `brought`: the client's credentials, and where each stood. */
function* forwarded(
  subject: Subject,
  attempt: AttemptView,
  brought: ReadonlyMap<string, string>,
): Iterable<Finding> {
  const sent = attempt.ptb ? credentialsOf(attempt.ptb) : []
  for (const { place, value } of sent) {
    const from = brought.get(value)
    const why = from === undefined ? null : whyNot(subject, attempt, value, sent)
    if (why === null) continue
    yield {
      severity: 'error',
      fault: 'proxy',
      leg: 'PTB',
      attempt: attempt.number,
      entry: attempt.ptb?.headEntry ?? null,
      description: `The key that the client sent in ${from} went to ${attempt.backend ?? 'the backend'} in ${place}, ${why}.`,
      evidence: { from, place, ...overwritten(value), backend: attempt.backend },
      hint: 'Check credentials and trust_client_credentials of this backend, and change the key.',
    }
  }
}

/** Placeholders that clients send without a key are too short to tell apart. */
function isComparable(value: string): boolean {
  const mark = overwritten(value)
  return mark === null
    ? value.length >= 16
    : mark.fingerprint !== '' && mark.kind !== '' && value.length >= 16
}

function whyNot(
  { exchange }: Subject,
  attempt: AttemptView,
  value: string,
  sent: readonly { value: string }[],
): string | null {
  const kind = overwritten(value)?.kind
  if (kind === 'access-key') return 'although it only opens this proxy'
  // The client happens to have the very key that the proxy has for this backend.
  if (kind === 'provider-key') return null
  if (sent.some((other) => overwritten(other.value)?.kind === 'provider-key')) return 'beside its own'
  const interpreted = exchange.closed?.attempts.find(({ n }) => n === attempt.number)
  if (interpreted?.replaces) return 'which answers in place of what the client had named'
  const isForeign =
    attempt.protocol !== null && exchange.protocol !== null && attempt.protocol !== exchange.protocol
  return isForeign ? 'which speaks another protocol than the client' : null
}
