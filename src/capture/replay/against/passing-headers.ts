/** Headers of an answer that may be missing another time, and nothing is lost. */
interface PassingHeaders {
  reason: string
  names?: readonly string[]
  /** Beginnings of names. */
  starts?: readonly string[]
}

const passingHeaders: readonly PassingHeaders[] = [
  {
    reason: 'of one connection, or of how the body is framed on it',
    names: ['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade', 'content-length'],
  },
  { reason: 'follows from the encodings that are asked for', names: ['content-encoding', 'vary'] },
  {
    reason: 'the time of the answer, or how long it took',
    names: ['date', 'age', 'expires', 'last-modified', 'x-llmproxy-overhead-ms', 'server-timing'],
  },
  { reason: 'a cookie', names: ['set-cookie', 'set-cookie2'] },
  {
    reason: 'of a network for delivery between the proxy and its provider',
    names: [
      ...['via', 'server', 'alt-svc', 'nel', 'report-to', 'etag', 'x-cache', 'x-cache-hits', 'x-served-by'],
      ...['x-timer', 'x-powered-by', 'strict-transport-security', 'expect-ct', 'x-robots-tag'],
    ],
    starts: ['cf-', 'x-envoy-', 'x-amz-cf-', 'x-fastly-', 'x-akamai-', 'x-vercel-', 'x-azure-ref'],
  },
  {
    reason: 'when to come again, of an answer whose status is compared',
    names: ['retry-after', 'retry-after-ms'],
  },
]

const names = new Set(passingHeaders.flatMap((each) => each.names ?? []))
const starts = passingHeaders.flatMap((each) => each.starts ?? [])

export function isPassingHeader(name: string): boolean {
  return names.has(name) || starts.some((start) => name.startsWith(start))
}
