import type { LegView } from '../../view/view.ts'
import type { Detector, Finding, Severity, Subject } from '../detector.ts'
import { isLocal } from '../local-host.ts'
import { isSame } from '../seen-answers.ts'
import { type FoundSecret, secretsIn } from './found-secret.ts'

/** Reference §4.2, 68: what should stay at home stands in a prompt. */
export const secretInPayload: Detector = {
  code: 'secret_in_payload',
  severity: 'error',
  summary: 'A key or another secret stands in the body of a request',
  *find(subject) {
    const { ctp, attempts } = subject.exchange
    const asked = ctp ? secretsIn(ctp.body(), subject.ctp()?.placed) : []
    if (ctp)
      yield* findings(
        subject,
        asked,
        ctp,
        attempts.map(({ ptb }) => ptb),
      )
    for (const attempt of attempts) {
      const { ptb } = attempt
      // What the client sent is the client's; what only the backend got came from the proxy.
      if (!ptb || !ctp || isSame(ctp, ptb)) continue
      const known = new Set(asked.map(({ what, fingerprint }) => what + fingerprint))
      const added = secretsIn(ptb.body(), subject.ptb(attempt)?.placed).filter(
        ({ what, fingerprint }) => !known.has(what + fingerprint),
      )
      yield* findings(subject, added, ptb, [ptb])
    }
  },
}

function* findings(
  subject: Subject,
  secrets: readonly FoundSecret[],
  leg: LegView,
  sent: readonly (LegView | null)[],
): Iterable<Finding> {
  const isRemote = sent.some((ptb) => ptb !== null && !isLocal(ptb))
  for (const secret of secrets) {
    const severity = severityOf(secret, isRemote)
    const isRepeated = leg.leg === 'CTP' && stoodBefore(subject, secret)
    yield {
      severity: isRepeated ? 'note' : severity,
      fault: leg.leg === 'CTP' ? 'client' : 'proxy',
      confidence: confidence[secret.certainty],
      leg: leg.leg,
      attempt: leg.attempt,
      offset: Buffer.from(leg.body()).indexOf(secret.text, 0, 'latin1'),
      description: `The request had ${secret.what} (${secret.fingerprint}) in its body${isRemote ? ', and it was sent to a remote host' : ''}${isRepeated ? ', as the turn before' : ''}.`,
      evidence: {
        what: secret.what,
        fingerprint: secret.fingerprint,
        length: secret.text.length,
        remote: isRemote,
      },
      hint: "Change this key if it is a real one: it is in the log of whoever got it. Keep the file it came from out of the agent's reach.",
    }
  }
}

const confidence: Record<FoundSecret['certainty'], number> = {
  known: 1,
  shaped: 0.95,
  guessed: 0.6,
  weak: 0.3,
}

function severityOf({ certainty }: FoundSecret, isRemote: boolean): Severity {
  if (certainty === 'weak') return 'info'
  if (certainty === 'guessed') return isRemote ? 'warn' : 'note'
  return isRemote ? 'error' : 'warn'
}

/** An agent sends its conversation again in every turn: it is told once. */
function stoodBefore({ exchange, around }: Subject, { text }: FoundSecret): boolean {
  const before = around.before(exchange)?.ctp
  return before !== null && before !== undefined && Buffer.from(before.body()).includes(text, 0, 'latin1')
}
