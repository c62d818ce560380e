import type { ClientCredential } from '../backends/client-credential.ts'
import { type Credential, type CredentialChoice, chooseCredential } from '../backends/credentials.ts'
import type { Backend } from '../core/backend.ts'
import { protocolNamed } from '../protocols/index.ts'
import { ours } from '../routing/availability/availability.ts'
import type { FrontendCall } from './call.ts'

/** Whose credential this call is sent with to a backend; `own` is what its client brought. */
export function credentialAt(
  { route }: FrontendCall,
  own: ClientCredential | null,
  backend: Backend,
): CredentialChoice {
  const { family } = protocolNamed(route.protocol)
  return chooseCredential(backend, own, { family, pinned: route.pinned === backend })
}

/** By which credential a backend's answers are remembered: what a client's own meets is kept for that. */
export function credentialKey(credential: Credential): string {
  return credential.kind === 'client' ? credential.hash : ours
}
