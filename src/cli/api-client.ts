import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { text } from 'node:stream/consumers'
import { printable } from '../core/printable.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'

export interface ApiClient {
  url: string
  /** The body of `GET path?query`. Rejects with `ProxyAway`, or a `Failure` that says what the proxy said. */
  get(path: string, query: URLSearchParams, signal?: AbortSignal): Promise<AsyncIterable<Buffer>>
  /** The body of `POST path`, which has this JSON for its own where there is one. Rejects likewise. */
  post(path: string, json?: object): Promise<AsyncIterable<Buffer>>
}

/** Nothing answers where the proxy should be. */
export class ProxyAway extends Failure {
  constructor(url: string, cause: unknown) {
    super(`no proxy answers at ${url}`, exitCodes.notDone, ['llmproxy serve'], cause)
  }
}

const answersWithinMs = 60_000
const longestMessage = 2_000

export function apiClient(url: string, accessKey: string | undefined): ApiClient {
  const request = url.startsWith('https:') ? requestSecure : requestPlain
  const key = accessKey === undefined ? {} : { 'x-llmproxy-key': sendable(accessKey) }
  const send = (method: string, path: string, { signal, json }: { signal?: AbortSignal; json?: object }) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = json === undefined ? key : { ...key, 'content-type': 'application/json' }
      const sent = request(
        `${url}${path}`,
        { method, headers, agent: false, timeout: answersWithinMs, ...(signal && { signal }) },
        (answer) => {
          const status = answer.statusCode ?? 0
          if (status >= 200 && status < 300) return resolve(answer)
          text(answer).then(
            (body) => reject(refusal(url, status, body)),
            (error: unknown) => reject(new ProxyAway(url, error)),
          )
        },
      )
      sent.on('timeout', () => sent.destroy(new Error('no answer within a minute')))
      sent.on('error', (error) => reject(new ProxyAway(url, error)))
      sent.end(json === undefined ? undefined : JSON.stringify(json))
    })
  return {
    url,
    get: (path, query, signal) =>
      send('GET', query.size === 0 ? path : `${path}?${query}`, signal ? { signal } : {}),
    post: (path, json) => send('POST', path, json === undefined ? {} : { json }),
  }
}

/** What no header can carry would only come back as a fault of the program. */
function sendable(accessKey: string): string {
  if (/^[\x21-\x7e]+$/.test(accessKey)) return accessKey
  throw new Failure(
    'the access key has a space, a line break or a letter that no key has; look at --api-key or LLMPROXY_API_KEY',
    exitCodes.usage,
  )
}

function refusal(url: string, status: number, body: string): Failure {
  const message = messageIn(body)
  if (status === 401) {
    return new Failure(message ?? `the proxy at ${url} wants an access key`, exitCodes.notDone, [
      'LLMPROXY_API_KEY=lp_… llmproxy …',
    ])
  }
  if (message === null)
    return new Failure(`what answers at ${url} is no llmproxy (${status})`, exitCodes.notDone)
  return new Failure(message, status === 400 ? exitCodes.usage : exitCodes.failed)
}

function messageIn(body: string): string | null {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown } }
    return typeof error?.message === 'string' ? printable(error.message, longestMessage) : null
  } catch {
    return null
  }
}
