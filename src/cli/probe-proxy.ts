import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'

/** What answers at an address: a proxy of ours and its version, something else, or nothing. */
export type Probed = { kind: 'llmproxy'; version: string } | { kind: 'other' } | { kind: 'nothing' }

/** Asks `GET /healthz`, which a proxy answers to anybody and marks with `x-llmproxy-version`. */
export function probeProxy(url: string, timeoutMs = 1000): Promise<Probed> {
  const get = url.startsWith('https:') ? getSecure : getPlain
  return new Promise((resolve) => {
    const request = get(`${url}/healthz`, { agent: false, timeout: timeoutMs }, (response) => {
      const version = response.headers['x-llmproxy-version']
      resolve(typeof version === 'string' ? { kind: 'llmproxy', version } : { kind: 'other' })
      request.destroy()
    })
    request.on('timeout', () => {
      resolve({ kind: 'other' })
      request.destroy()
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ECONNREFUSED' ? { kind: 'nothing' } : { kind: 'other' })
    })
  })
}
