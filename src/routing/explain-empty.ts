import { type ErrorCode, type ErrorDetails, ProxyError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'
import { printable } from '../core/printable.ts'
import { targetName } from '../core/target.ts'
import type { LeftOut, Plan } from './plan.ts'
import type { LeftOutReason } from './ports.ts'
import { unknownName } from './selector.ts'

/** What the client is told, by what left a target out; the first that applies is what helps most. */
const answers: readonly { reasons: readonly LeftOutReason[]; code: ErrorCode; next: string }[] = [
  { reasons: ['cooldown', 'full'], code: 'backend_limited', next: 'try again later' },
  {
    reasons: ['misconfigured'],
    code: 'provider_key_refused',
    next: 'correct the provider key in the configuration',
  },
  { reasons: ['no_credential'], code: 'no_credential', next: '' },
  { reasons: ['endpoint_unhealthy', 'open'], code: 'backend_error', next: 'try again later' },
  { reasons: ['no_price'], code: 'price_missing', next: '' },
  {
    reasons: ['not_allowed'],
    code: 'model_refused',
    next: "GET /v1/models lists what this access key may use; the key's `models` in the configuration decides",
  },
  {
    reasons: ['excluded_model'],
    code: 'unknown_model',
    next: 'ask for another model; GET /v1/models lists what is known',
  },
]

const ofModel: ReadonlySet<ErrorCode> = new Set(['model_refused', 'unknown_model', 'price_missing'])

/** The error for a plan without targets, with the earliest `retry-after` where waiting helps. */
export function explainEmpty(plan: Plan, nowMs: number): ProxyError {
  for (const { reasons, code, next } of answers) {
    const concerned = plan.leftOut.filter(({ usability }) => reasons.includes(usability.reason))
    if (concerned.length === 0) continue
    const said = plan.leftOut.map(sentence).join('; ')
    const parts = [said, misspelt(plan), next].filter((part) => part !== '')
    return new ProxyError(code, parts.join('; '), details(code, concerned, nowMs))
  }
  return unplaced(plan)
}

function sentence({ target, usability }: LeftOut): string {
  return `${printable(targetName(target), 300)}: ${usability.message}`
}

/** `opnai:gpt-5` went to the client's own provider as a model's name, which it may be. */
function misspelt({ source, asked }: Plan): string {
  const prefix = prefixOf(asked.model)
  if (source !== 'family' || prefix === null) return ''
  const near = nearest(prefix, asked.backendNames)
  return near === undefined || near === prefix
    ? ''
    : `no backend is called "${printable(prefix)}"; did you mean ${near}?`
}

/** What stands before the first colon, where that could be a backend's name. */
function prefixOf(model: string | null): string | null {
  const prefix = model?.split(':', 1)[0] ?? ''
  return prefix === '' || prefix === model || prefix.includes('/') ? null : prefix
}

function details(code: ErrorCode, concerned: readonly LeftOut[], nowMs: number): ErrorDetails {
  if (ofModel.has(code)) return { param: 'model' }
  if (code !== 'backend_limited') return {}
  const times = concerned.flatMap(({ usability }) => usability.retryAtMs ?? [])
  return times.length === 0 ? {} : { retryAfterMs: Math.max(0, Math.min(...times) - nowMs) }
}

/** Not even a backend to leave out: none of the client's family is there and nothing else took the model. */
function unplaced({ asked }: Plan): ProxyError {
  const prefix = prefixOf(asked.model)
  const names = asked.backendNames
  let next = 'set default_backend, or add a backend to the configuration'
  if (prefix !== null) next = unknownName(prefix, names)
  else if (names.length > 0)
    next = `name a backend, as in ${names[0]}:MODEL (${names.join(', ')}), or ${next}`
  const model = asked.model === null ? 'this request' : `the model "${printable(asked.model)}"`
  return new ProxyError('unknown_model', `no backend takes ${model}; ${next}`, { param: 'model' })
}
