import type { StopReason } from '../../core/event.ts'
import { type Json, objectAt, stringAt } from '../../core/json.ts'

/** How a response ended; `failed` is an error rather than an end. */
export interface ResponseEnd {
  reason: StopReason | 'failed'
  raw: string
}

/** From the response's status, or from the type of the event that brought it. */
export function responseEnd(response: Json | undefined, type: string): ResponseEnd {
  const status = stringAt(response, 'status') ?? (type.startsWith('response.') ? type.slice(9) : '')
  if (status === 'failed') return { reason: 'failed', raw: status }
  if (status === 'incomplete') return incomplete(response)
  if (status === 'cancelled') return { reason: 'error', raw: status }
  // A response in the background: this answer is whole, what it says comes later.
  if (status === 'queued' || status === 'in_progress') return { reason: 'pause', raw: status }
  return { reason: 'stop', raw: status }
}

function incomplete(response: Json | undefined): ResponseEnd {
  const raw = stringAt(objectAt(response, 'incomplete_details'), 'reason') ?? 'incomplete'
  if (raw === 'content_filter') return { reason: 'filter', raw }
  return { reason: raw === 'max_output_tokens' || raw === 'max_tokens' ? 'length' : 'error', raw }
}
