import type { AttemptView, Finding, Subject } from '../detector.ts'
import { finalAttempt } from '../seen-answers.ts'
import { type Pairing, pairing } from './pairing.ts'

export interface Unpaired {
  id: string
  name: string
  message: number
}

/**
 * What a conversation's calls and results lack: the client's doing where its own request has it, the proxy's where only
 * the backend's has. Providers refuse it; where one did not, it is a warning.
 */
export function* unpaired(
  subject: Subject,
  of: (pairing: Pairing) => Unpaired[],
  words: (first: Unpaired) => Pick<Finding, 'description' | 'hint'>,
): Iterable<Finding> {
  const asked = pairingOf(subject.ctp()?.call)
  if (!asked) return
  const attempt = finalAttempt(subject)
  const mine = of(asked)
  const sent = mine.length === 0 && attempt ? pairingOfOther(subject, attempt) : null
  const found = sent ? of(sent) : mine
  const [first] = found
  if (!first) return
  const wasTaken = (attempt?.btp?.status ?? 0) < 300 && attempt?.btp?.status !== null
  yield {
    severity: sent || !wasTaken ? 'error' : 'warn',
    fault: sent ? 'proxy' : 'client',
    leg: sent ? 'PTB' : 'CTP',
    attempt: sent ? (attempt?.number ?? null) : null,
    count: found.length,
    ...words(first),
    evidence: {
      id: first.id,
      tool: first.name,
      message: first.message,
      status: attempt?.btp?.status ?? null,
    },
  }
}

/** Null also where the backend was asked in the very same words. */
function pairingOfOther(subject: Subject, attempt: AttemptView): Pairing | null {
  const call = subject.ptb(attempt)?.call
  return call?.messages === subject.ctp()?.call?.messages ? null : pairingOf(call)
}

function pairingOf(call: Parameters<typeof pairing>[0] | null | undefined): Pairing | null {
  return call ? pairing(call) : null
}
