const mostSessions = 10_000

/**
 * Which recorded sessions answer which asking ones: two conversations at once that begin with the same words are each
 * answered from one recorded session, as long as that has an answer.
 */
export class SessionTies {
  readonly #recorded = new Map<string, Set<string>>()
  readonly #takenBy = new Map<string, string>()

  /** Of recordings in their order, each with its session, the place of the one to give; ties its session to the asking one. */
  choose(sessions: readonly (string | null)[], asking: string | null): number {
    if (asking === null || sessions.length === 0) return 0
    const own = this.#recorded.get(asking)
    const tied = sessions.findIndex((session) => session !== null && own?.has(session))
    const free =
      tied >= 0 ? tied : sessions.findIndex((session) => session === null || !this.#takenBy.has(session))
    const at = Math.max(0, free)
    this.#tie(asking, sessions[at] ?? null)
    return at
  }

  #tie(asking: string, recorded: string | null): void {
    if (recorded === null || this.#takenBy.has(recorded)) return
    if (this.#takenBy.size >= mostSessions) {
      this.#takenBy.clear()
      this.#recorded.clear()
    }
    this.#takenBy.set(recorded, asking)
    const own = this.#recorded.get(asking) ?? new Set()
    own.add(recorded)
    this.#recorded.set(asking, own)
  }
}
