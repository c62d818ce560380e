/** A place among the attempts that a backend takes at once. Given back exactly once; more often does nothing. */
export interface Place {
  readonly backend: string
  giveBack(): void
}

/** A stand in the line, until a place is granted or it is left. */
export interface InLine {
  /** Waits for a place at any of these backends from now on, and stays where it stands. */
  waitFor(backends: readonly string[]): void
  leave(): void
}

interface Waiting {
  backends: readonly string[]
  grant: (place: Place) => void
}

/**
 * The places of backends with `max_concurrent`, and the line for them. Fair per session: each session's first in line
 * has its turn before any session's second. A place that is given back goes to the line at once, so that nobody who
 * comes later overtakes it.
 */
export class Places {
  readonly #limits = new Map<string, number | null>()
  readonly #taken = new Map<string, number>()
  /** By session, in the order of their turns. */
  readonly #line = new Map<string, Waiting[]>()

  configure(limits: ReadonlyMap<string, number | null>): void {
    this.#limits.clear()
    for (const [backend, limit] of limits) this.#limits.set(backend, limit)
    this.#serve()
  }

  taken(backend: string): number {
    return this.#taken.get(backend) ?? 0
  }

  /** How many wait for this backend, be it among others. */
  waiting(backend: string): number {
    let count = 0
    for (const some of this.#line.values()) {
      for (const { backends } of some) if (backends.includes(backend)) count++
    }
    return count
  }

  isFree(backend: string): boolean {
    const limit = this.#limits.get(backend) ?? null
    return limit === null || this.taken(backend) < limit
  }

  /** Null: none is free. */
  take(backend: string): Place | null {
    return this.isFree(backend) ? this.#give(backend) : null
  }

  /** Waits for a place at any of these backends, which may be granted before this returns. */
  wait(session: string, backends: readonly string[], grant: (place: Place) => void): InLine {
    const waiting: Waiting = { backends, grant }
    const some = this.#line.get(session) ?? []
    some.push(waiting)
    this.#line.set(session, some)
    this.#serve()
    return {
      waitFor: (others) => {
        waiting.backends = others
        this.#serve()
      },
      leave: () => this.#leave(session, waiting),
    }
  }

  #give(backend: string): Place {
    this.#taken.set(backend, this.taken(backend) + 1)
    let isBack = false
    return {
      backend,
      giveBack: () => {
        if (isBack) return
        isBack = true
        this.#taken.set(backend, this.taken(backend) - 1)
        this.#serve()
      },
    }
  }

  /** Gives free places to those in line, as long as one fits. */
  #serve(): void {
    for (let served = true; served; ) served = this.#serveOne()
  }

  #serveOne(): boolean {
    for (const [session, some] of this.#line) {
      const at = some.findIndex(({ backends }) => backends.some((name) => this.isFree(name)))
      const waiting = some[at]
      const backend = waiting?.backends.find((name) => this.isFree(name))
      if (!waiting || backend === undefined) continue
      some.splice(at, 1)
      // Its next one has its turn after all others.
      this.#line.delete(session)
      if (some.length > 0) this.#line.set(session, some)
      waiting.grant(this.#give(backend))
      return true
    }
    return false
  }

  #leave(session: string, waiting: Waiting): void {
    const some = this.#line.get(session)
    const at = some?.indexOf(waiting) ?? -1
    if (!some || at < 0) return
    some.splice(at, 1)
    if (some.length === 0) this.#line.delete(session)
  }
}
