import { billingAt } from '../../backends/billing.ts'
import type { Credential } from '../../backends/credentials.ts'
import type { Attempt } from '../../core/exchange.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import type { Target } from '../../core/target.ts'
import type { Observation } from '../observation.ts'

/** The record of an attempt that is about to start. */
export function newAttempt(
  observation: Observation,
  target: Target,
  protocol: ProtocolName,
  credential: Credential,
  replaces = false,
): Attempt {
  return {
    number: observation.exchange.attempts.length + 1,
    backend: target.backend.name,
    backendType: target.backend.type,
    model: target.model,
    protocol,
    billing: billingAt(target.backend, credential),
    replaces,
    dropped: [],
    startedNs: observation.nowNs(),
    sentNs: null,
    status: null,
    firstByteNs: null,
    firstContentNs: null,
    lastByteNs: null,
    endedNs: null,
    reason: null,
    error: null,
    responseModel: null,
    upstreamRequestId: null,
    usage: null,
    stop: null,
    toolNames: [],
  }
}
