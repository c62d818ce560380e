import type { Backend } from '../core/backend.ts'

/**
 * Whether a backend could answer somebody: with a provider key of ours, with its client's own login, or without any.
 * The built-in demo answers nobody who has work to do.
 */
export function canServe({ type, credentials, apiKey }: Backend): boolean {
  return type !== 'demo' && (credentials !== 'proxy' || apiKey !== null)
}
