/** What happens in the proxy, for who watches it live: `GET /internal/events`. */
export interface ProxyEvent {
  /** `backend.state`, `endpoint.health` */
  event: string
  data: unknown
}

/** Tells all who listen; costs nothing while nobody does. */
export class Events {
  readonly #listeners = new Set<(event: ProxyEvent) => void>()

  tell(event: string, data: unknown): void {
    for (const listener of this.#listeners) listener({ event, data })
  }

  /** The returned function ends it. */
  listen(listener: (event: ProxyEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
