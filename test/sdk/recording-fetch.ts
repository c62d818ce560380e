/** The head of an answer as the SDK got it, less what no two hops have in common. */
export interface AnswerHead {
  status: number
  headers: Record<string, string>
  /** The backend that the proxy names; null without a proxy. */
  backend: string | null
}

/** A `fetch` that keeps the head of every answer: not every SDK shows it. */
export function recordingFetch(heads: AnswerHead[]): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    heads.push({
      status: response.status,
      headers: comparableHeaders(response.headers),
      backend: response.headers.get('x-llmproxy-backend'),
    })
    return response
  }
}

// A server's clock and the state of its own connection; Node's listener sends all three, the fake none.
const ofTheHop = new Set(['connection', 'date', 'keep-alive'])

/** The headers that have to be the same with a proxy between: all but the hop's and those that the proxy adds. */
export function comparableHeaders(headers: Iterable<[string, string]>): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(
      ([name]) => !ofTheHop.has(name) && !name.startsWith('x-llmproxy-') && !name.startsWith('x-usage-'),
    ),
  )
}
