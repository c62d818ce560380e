import { isDeepStrictEqual } from 'node:util'
import { isObject, type JsonObject } from '../../../core/json.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Finding, Subject } from '../detector.ts'
import { credentialOf, isSameCredential } from './credential.ts'

type Blame = Pick<Finding, 'fault' | 'confidence'>

/** Fields that the proxy sets by what it is told to: they make no request wrong. */
const own: ReadonlySet<string> = new Set(['model', 'stream_options'])

/** Whose a refused request is: the client's own words, or what the proxy made of them. */
export function refusedRequestFault(subject: Subject, attempt: AttemptView): Blame {
  const { exchange } = subject
  const asked = subject.ctp()?.json
  const sent = subject.ptb(attempt)?.json
  if (attempt.protocol !== exchange.protocol) return { fault: null, confidence: 0.5 }
  if (asked === undefined && sent === undefined && exchange.ctp && attempt.ptb) return { fault: 'client' }
  if (!isObject(asked) || !isObject(sent)) return { fault: null, confidence: 0.5 }
  return isDeepStrictEqual(without(asked), without(sent))
    ? { fault: 'client' }
    : { fault: 'proxy', confidence: 0.7 }
}

export const refusedCredentialHint =
  "Check that backend's key (`llmproxy health` shows which is refused), or log in anew in the client if it uses its own."

/** Whose a refused credential is: the client's own, passed on, or one of the proxy's. */
export function refusedCredentialFault({ exchange }: Subject, attempt: AttemptView): Blame {
  const sent = credentialOf(attempt.ptb)
  // Files of the original have no heads of clients.
  if (!attempt.ptb || !exchange.ctp || exchange.version === 2) return { fault: null, confidence: 0.5 }
  const given = credentialOf(exchange.ctp)
  if (sent === null) return { fault: given === null ? 'client' : 'proxy' }
  return { fault: given !== null && isSameCredential(given, sent) ? 'client' : 'proxy' }
}

function without(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !own.has(name)))
}
