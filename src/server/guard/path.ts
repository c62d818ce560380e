import { ProxyError } from '../../core/errors.ts'
import { remembered } from '../../core/remembered.ts'
import { originForm } from './host.ts'
import type { GuardedRequest } from './policy.ts'

/** What could mean another path to a provider than it does to us: the raw one is passed on. */
export function checkPath({ rawUrl }: Pick<GuardedRequest, 'rawUrl'>): void {
  const url = originForm(rawUrl)
  const queryAt = url.indexOf('?')
  const path = queryAt < 0 ? url : url.slice(0, queryAt)
  if (!path.startsWith('/')) {
    throw new ProxyError(
      'bad_path',
      'the path does not begin with "/"; this is no forward proxy: call its own paths',
    )
  }
  const fault = faults.of(path)
  if (fault !== null) throw new ProxyError('bad_path', `the path has ${fault}; send it without`)
}

const faults = remembered(faultOf)

function faultOf(path: string): string | null {
  const encoded = /%(?:2e|2f|5c|00)/i.exec(path)?.[0]
  if (encoded !== undefined) return `an encoded "${encoded}"`
  if (/[^!-~]|[\\#]/.test(path)) return 'a character that has no place in a path'
  if (/%(?![0-9a-f]{2})/i.test(path)) return 'a "%" without two hex digits'
  if (!decodes(path)) return 'an escape that is not UTF-8'
  if (path === '/') return null
  const segments = path.slice(1).split('/')
  if (segments.includes('')) return 'an empty segment ("//" or a "/" at its end)'
  return segments.some((segment) => segment === '.' || segment === '..') ? 'a "." or ".." segment' : null
}

function decodes(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
