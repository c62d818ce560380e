import type { Backend } from '../core/backend.ts'
import { ProxyError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { printable } from '../core/printable.ts'
import type { ProviderFamily } from '../core/protocol.ts'
import type { ProtocolName } from '../core/protocol-name.ts'
import { type Target, targetName } from '../core/target.ts'

/** One model as a client may ask for it. */
export interface ModelEntry {
  /** Bare on the client's own provider, else `backend:model`. */
  id: string
  target: Target
}

export interface ModelEntriesRequest {
  family: ProviderFamily
  backends: readonly Backend[]
  /** A backend's models, undefined where unknown. */
  listOf: (backend: Backend) => readonly string[] | undefined
  /** Whether the access key may use the target. */
  mayUse: (target: Target) => boolean
}

const familyProtocols: Record<ProviderFamily, readonly ProtocolName[]> = {
  openai: ['openai-chat', 'openai-responses'],
  anthropic: ['anthropic-messages'],
  gemini: ['gemini'],
}

/** The models that clients of a family can ask for, their own provider's first. */
export function modelEntries({ family, backends, listOf, mayUse }: ModelEntriesRequest): ModelEntry[] {
  const spoken = familyProtocols[family]
  const able = backends.filter(({ protocols }) => protocols.some((protocol) => spoken.includes(protocol)))
  const own = able.find((backend) => backend.type === family)
  const ordered = own ? [own, ...able.filter((backend) => backend !== own)] : able
  return ordered.flatMap((backend) =>
    (listOf(backend) ?? [])
      .map((model) => ({ backend, model }))
      .filter(mayUse)
      .map((target) => ({ id: backend === own ? target.model : targetName(target), target })),
  )
}

/** The entry that a client names by its id or as `backend:model`; throws `unknown_model` with the nearest. */
export function findModelEntry(entries: readonly ModelEntry[], id: string): ModelEntry {
  const wanted = id.replace(/^models\//, '')
  const found =
    entries.find((entry) => entry.id === wanted) ??
    entries.find(({ target }) => targetName(target) === wanted)
  if (found) return found
  const near = nearest(
    wanted,
    entries.map((entry) => entry.id),
  )
  const next = near === undefined ? 'GET /v1/models lists what is known' : `did you mean ${printable(near)}?`
  throw new ProxyError('unknown_model', `no model is called "${printable(wanted, 256)}"; ${next}`, {
    param: 'model',
  })
}
