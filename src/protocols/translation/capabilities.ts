import { type Loss, type LossName, losses } from '../../core/losses.ts'
import type { Protocol } from '../../core/protocol.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'

/** One thing that does not pass between a client's protocol and a backend's. */
export interface Restriction {
  name: LossName
  /** What the client's requests call it; null for parts of answers. */
  parameter: string | null
  reason: string
}

/** What becomes of a client's calls at a backend's protocol. */
export interface PairCapabilities {
  protocol: ProtocolName
  backend_protocol: ProtocolName
  translated: boolean
  /** Left out and named, or refused under `untranslatable: reject`. */
  dropped: Restriction[]
  /** Said in another way. */
  adapted: Restriction[]
  /** Always refused, with 400. */
  refused: Restriction[]
}

/** Everything that may be lost from a client's protocol to a backend's and back (`spec/protocols.md`). */
export function pairCapabilities(client: Protocol, backend: ProtocolName): PairCapabilities {
  const translated = client.name !== backend
  const pair = { protocol: client.name, backend_protocol: backend, translated }
  if (!translated) return { ...pair, dropped: [], adapted: [], refused: [] }
  const lost = (Object.keys(losses) as LossName[]).filter((name) => {
    const { side, missingIn }: Loss = losses[name]
    return missingIn.includes(side === 'request' ? backend : client.name)
  })
  const of = (weight: Loss['weight']) =>
    lost.filter((name) => losses[name].weight === weight).map((name) => restriction(name, client))
  return { ...pair, dropped: of('hint'), adapted: of('adapted'), refused: of('meaning') }
}

function restriction(name: LossName, client: Protocol): Restriction {
  const { side, reason } = losses[name]
  return { name, parameter: side === 'request' ? (client.paramNames[name] ?? name) : null, reason }
}
