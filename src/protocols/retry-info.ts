import { type Json, stringAt } from '../core/json.ts'

/**
 * The wait that google.rpc.RetryInfo asks for (`retryDelay`: a protobuf duration in JSON, "13s" or "0.5s"), in
 * milliseconds; null when the details have none.
 */
export function retryDelayMs(details: Json | undefined): number | null {
  for (const detail of Array.isArray(details) ? details : []) {
    const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(stringAt(detail, 'retryDelay') ?? '')?.[1]
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1000)
  }
  return null
}

/** A detail that says the same, for an error of ours. */
export function retryInfo(retryAfterMs: number): { '@type': string; retryDelay: string } {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterMs / 1000}s` }
}
