/** What a provider of the scene is to do with a request. It stands in the request itself, so that who asks says it. */
export interface Play {
  /** From the request to the answer's head, and from there to the first word. */
  headMs?: number
  firstMs?: number
  /** Output tokens, and how fast they come. */
  tokens?: number
  tokensPerSecond?: number
  /** As the provider reports them. */
  promptTokens?: number
  cachedTokens?: number
  /** The answer ends with a call of this tool. */
  tool?: string
  /** Beside each piece of the answer, in a comment: for a client that is slow, as small pieces are taken by buffers. */
  paddingBytes?: number
  /** After half of the answer nothing comes for so long; `Infinity` is written as -1. */
  silentMs?: number
  /** A status other than 200, said after `headMs`; by this backend only, where one is named. */
  status?: number
  failsAt?: string
  /** Seconds. */
  retryAfter?: string
}

const mark = /play:(\{[^{}]*\})/

export function playWords(play: Play): string {
  return `play:${JSON.stringify(play)}`
}

/** The last one in a request's body, whatever its protocol. */
export function playIn(body: string): Play {
  const [, written = '{}'] = mark.exec(body.slice(body.lastIndexOf('play:')).replaceAll('\\"', '"')) ?? []
  return JSON.parse(written) as Play
}
