import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { text } from 'node:stream/consumers'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'

export interface ApiClient {
  url: string
  /** The body of `GET path?query`. Rejects with `ProxyAway`, or a `Failure` that says what the proxy said. */
  get(path: string, query: URLSearchParams): Promise<AsyncIterable<Buffer>>
}

/** Nothing answers where the proxy should be. */
export class ProxyAway extends Failure {
  constructor(url: string, cause: unknown) {
    super(`no proxy answers at ${url}`, exitCodes.notDone, ['llmproxy serve'], cause)
  }
}

const answersWithinMs = 60_000

export function apiClient(url: string, accessKey: string | undefined): ApiClient {
  const request = url.startsWith('https:') ? requestSecure : requestPlain
  const headers = accessKey === undefined ? {} : { 'x-llmproxy-key': accessKey }
  return {
    url,
    get: (path, query) =>
      new Promise((resolve, reject) => {
        const asked = query.size === 0 ? '' : `?${query}`
        const sent = request(
          `${url}${path}${asked}`,
          { headers, agent: false, timeout: answersWithinMs },
          (answer) => {
            if (answer.statusCode === 200) return resolve(answer)
            text(answer).then((body) => reject(refusal(url, answer.statusCode ?? 0, body)), reject)
          },
        )
        sent.on('timeout', () => sent.destroy(new Error('no answer within a minute')))
        sent.on('error', (error) => reject(new ProxyAway(url, error)))
        sent.end()
      }),
  }
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
    return typeof error?.message === 'string' ? error.message : null
  } catch {
    return null
  }
}
