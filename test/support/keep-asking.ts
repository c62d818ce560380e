export interface SeenExchange {
  id: string
  /** When the client had its whole answer; null: it never had. */
  endedMs: number | null
}

/** Asks a proxy one thing after another, every other one for a stream, until it is told to end or the proxy is gone. */
export async function keepAsking(url: string, seen: SeenExchange[], ending: AbortSignal): Promise<void> {
  for (let turn = 0; !ending.aborted; turn++) {
    try {
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({
          model: 'm',
          stream: turn % 2 === 0,
          messages: [{ role: 'user', content: `turn ${turn}` }],
        }),
      })
      const one: SeenExchange = { id: answer.headers.get('x-llmproxy-exchange') ?? '', endedMs: null }
      seen.push(one)
      await answer.text()
      one.endedMs = performance.now()
    } catch {
      // The proxy was killed.
    }
  }
}
