import { headerValue } from '../../core/http.ts'
import type { LegView } from '../view/view.ts'

/** Whether a request went to this machine or a private network; what is not known is taken for remote. */
export function isLocal(request: LegView | null): boolean {
  if (!request) return false
  const host = hostOf(request.url) ?? headerValue(request.headers, 'host')
  return host !== undefined && isLocalHost(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''))
}

function hostOf(url: string | null): string | undefined {
  return /^https?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]+)/i.exec(url ?? '')?.[1]
}

const privateAddress = /^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.\d/

function isLocalHost(host: string): boolean {
  const name = host.toLowerCase()
  return (
    name === 'localhost' ||
    name === '::1' ||
    /\.(?:localhost|local|internal|lan)$/.test(name) ||
    privateAddress.test(name)
  )
}
