import type { Preset } from '../core/backend.ts'

/**
 * Whether a URL is at the provider's own host, with its scheme and port: only there may a key from the
 * environment, or a client's own, be sent without the file saying so.
 */
export function isAtProviderHost(preset: Preset, apiUrl: string): boolean {
  const url = new URL(apiUrl)
  if (preset.apiUrl !== null && new URL(preset.apiUrl).origin === url.origin) return true
  return (
    url.protocol === 'https:' &&
    url.port === '' &&
    (preset.hostEndings ?? []).some((ending) => url.hostname.endsWith(ending))
  )
}
