import { mark, secretKinds } from '../../../core/secrets/mark.ts'
import { isSensitiveHeader, sensitiveParameters } from '../../../core/secrets/sensitive-names.ts'
import type { LegView } from '../../view/view.ts'

/** A place that only ever holds a secret, with what stands there in the file. */
export interface Credential {
  /** `authorization`, or `?key=`. */
  place: string
  value: string
}

/** The credentials of a head, in headers and in its URL, without their schemes; empty ones are none. */
export function credentialsOf({ headers, url }: LegView): Credential[] {
  const inHeaders = headers
    .filter(([name]) => isSensitiveHeader(name))
    .map(([place, value]) => ({ place, value: value.replace(/^(?:bearer|basic)\s+/i, '').trim() }))
  return [...inHeaders, ...parametersOf(url)].filter(({ value }) => value !== '')
}

function parametersOf(url: string | null): Credential[] {
  const query = url?.split('?')[1]?.split('#')[0]
  return (query ?? '').split('&').flatMap((parameter) => {
    const [name = '', value = ''] = [parameter.split('=')[0], parameter.slice(parameter.indexOf('=') + 1)]
    return sensitiveParameters.has(name.toLowerCase()) && parameter.includes('=')
      ? [{ place: `?${name}=`, value }]
      : []
  })
}

/** The kind and the four digits of an overwritten secret; null for what is not overwritten. */
export function overwritten(value: string): { kind: string; fingerprint: string } | null {
  if (/^\*{1,3}$/.test(value)) return { kind: '', fingerprint: '' }
  const fingerprint = /([0-9a-f]{4})\**$/.exec(value)?.[1]
  if (fingerprint === undefined) return null
  const kind = secretKinds.find((one) => mark(one, fingerprint, value.length) === value)
  return kind === undefined ? null : { kind, fingerprint }
}
