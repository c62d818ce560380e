/** What happens in the proxy, for who watches it live: `GET /internal/events`. */
export interface ProxyEvent {
  /** `exchange.opened`, `.first_output`, `.closed`, `backend.state`, `endpoint.health`, `replacement`, `issue` */
  event: string
  data: unknown
}

/** Tells all who listen; costs nothing while nobody does. */
export class Events {
  readonly #listeners = new Set<(event: ProxyEvent) => void>()

  /** Asked before something is put together that is told often. */
  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  tell(event: string, data: unknown): void {
    for (const listener of this.#listeners) listener({ event, data })
  }

  /** The returned function ends it. */
  listen(listener: (event: ProxyEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
