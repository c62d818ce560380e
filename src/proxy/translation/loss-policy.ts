import { ProxyError } from '../../core/errors.ts'
import { type HeaderPairs, headerValue } from '../../core/http.ts'
import { type LostItem, losses } from '../../core/losses.ts'
import type { Protocol } from '../../core/protocol.ts'

export type LossPolicy = 'warn' | 'reject'

/** What the client calls a lost thing: the parameter of its own request. */
function parameterOf({ loss, param }: LostItem, client: Protocol): string {
  return param ?? client.paramNames[loss] ?? loss
}

/** The first loss that may not happen under this policy; undefined when the request may go. */
export function forbiddenLoss(lost: readonly LostItem[], policy: LossPolicy): LostItem | undefined {
  const weightOf = (item: LostItem) => losses[item.loss].weight
  const meaning = lost.find((item) => weightOf(item) === 'meaning')
  return meaning ?? (policy === 'reject' ? lost.find((item) => weightOf(item) === 'hint') : undefined)
}

/** The 400 for a loss, with the parameter's name in the client's words. */
export function untranslatable(
  item: LostItem,
  about: { client: Protocol; backend: string; backendProtocol: string },
): ProxyError {
  const parameter = parameterOf(item, about.client)
  const { reason, weight } = losses[item.loss]
  const next =
    weight === 'hint'
      ? `leave it out, or let it be dropped with x-llmproxy-untranslatable: warn`
      : `leave it out, or ask a backend that speaks ${about.client.name}`
  return new ProxyError(
    'untranslatable',
    `"${parameter}" cannot be carried to backend ${about.backend}, which speaks ${about.backendProtocol}: ${reason}; ${next}`,
    { param: parameter },
  )
}

/** The names for `x-llmproxy-dropped`, each once. */
export function droppedNames(lost: readonly LostItem[], client: Protocol): string[] {
  return [...new Set(lost.map((item) => parameterOf(item, client)))]
}

/** The request's own wish, else what the backend is set to. Throws `bad_request` for a wish that is neither. */
export function lossPolicyFor(
  headers: HeaderPairs,
  { untranslatable: configured }: { untranslatable: LossPolicy },
): LossPolicy {
  const wish = headerValue(headers, 'x-llmproxy-untranslatable')?.trim().toLowerCase()
  if (wish === undefined) return configured
  if (wish === 'warn' || wish === 'reject') return wish
  throw new ProxyError('bad_request', 'x-llmproxy-untranslatable is neither warn nor reject', {
    param: 'x-llmproxy-untranslatable',
  })
}
