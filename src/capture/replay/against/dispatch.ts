import type { Clock, Timer } from '../../../core/clock.ts'

/** Something to be started in its turn. */
export interface Waiting {
  /** Places of those that must be over before; lower than its own. */
  waitsFor: readonly number[]
  /** Milliseconds after the beginning; null: as soon as it can. Never less than those before it. */
  dueMs: number | null
}

export interface DispatchSettings<Result> {
  waiting: readonly Waiting[]
  /** At most so many at a time. */
  concurrency: number
  clock: Clock
  /** Nothing is started any more, and of what runs nothing is given. */
  signal: AbortSignal
  /** `lateMs`: after its time; null where that was not what it waited for. */
  start: (at: number, lateMs: number | null) => Promise<Result>
  /** Nothing more is wanted of what still runs. */
  onStop?: () => void
}

/** Starts everything in order and gives the results as they come. What `start` throws ends it. */
export async function* dispatch<Result>(settings: DispatchSettings<Result>): AsyncGenerator<Result> {
  const running = new Dispatch(settings)
  try {
    yield* running.results()
  } finally {
    await running.stop()
  }
}

type Ended<Result> = { result: Result } | { thrown: unknown }

class Dispatch<Result> {
  readonly #settings: DispatchSettings<Result>
  readonly #startedNs: number
  /** How many each still waits for. */
  readonly #left: number[]
  readonly #followers: number[][]
  /** May begin, as far as others go; in order. */
  readonly #free: number[] = []
  /** Since when those that had to wait for others, in nanoseconds. */
  readonly #freeSinceNs = new Map<number, number>()
  readonly #running = new Set<Promise<void>>()
  readonly #ended: Ended<Result>[] = []
  #wake: () => void = () => {}
  #timer: Timer | undefined
  #isStopped = false

  constructor(settings: DispatchSettings<Result>) {
    const { waiting, clock } = settings
    this.#settings = settings
    this.#startedNs = clock.monotonicNs()
    this.#left = waiting.map(({ waitsFor }) => waitsFor.length)
    this.#followers = waiting.map(() => [])
    for (const [at, { waitsFor }] of waiting.entries()) {
      for (const before of waitsFor) this.#followers[before]?.push(at)
      if (waitsFor.length === 0) this.#free.push(at)
    }
  }

  async *results(): AsyncGenerator<Result> {
    const { signal } = this.#settings
    // What has ended until then is still told.
    let told = 0
    const onAbort = () => {
      told = this.#ended.length
      this.#wake()
    }
    signal.addEventListener('abort', onAbort)
    try {
      this.#startNext()
      while (!signal.aborted && (this.#running.size > 0 || this.#free.length > 0 || this.#ended.length > 0)) {
        const ended = this.#ended.shift()
        if (!ended) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
          continue
        }
        if ('thrown' in ended) throw ended.thrown
        yield ended.result
      }
      for (const ended of this.#ended.splice(0, told)) if ('result' in ended) yield ended.result
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#timer?.cancel()
    this.#settings.onStop?.()
    await Promise.all(this.#running)
  }

  #startNext(): void {
    const { signal, concurrency } = this.#settings
    this.#timer?.cancel()
    while (this.#running.size < concurrency && !signal.aborted && !this.#isStopped) {
      const [at] = this.#free
      if (at === undefined) return
      const inMs = this.#inMs(at)
      // Those behind it are due later.
      if (inMs > 0) return this.#startLater(inMs)
      this.#free.shift()
      this.#start(at)
    }
  }

  #inMs(at: number): number {
    const dueMs = this.#settings.waiting[at]?.dueMs ?? null
    return dueMs === null ? 0 : dueMs - this.#elapsedMs()
  }

  #startLater(inMs: number): void {
    this.#timer = this.#settings.clock.after(inMs, () => this.#startNext())
  }

  #start(at: number): void {
    const run = async () => {
      try {
        this.#ended.push({ result: await this.#settings.start(at, this.#lateMs(at)) })
      } catch (thrown) {
        this.#isStopped = true
        this.#ended.push({ thrown })
      }
      for (const follower of this.#followers[at] ?? []) {
        this.#left[follower] = (this.#left[follower] ?? 1) - 1
        if (this.#left[follower] === 0) this.#setFree(follower)
      }
    }
    const running = run().then(() => {
      this.#running.delete(running)
      this.#startNext()
      this.#wake()
    })
    this.#running.add(running)
  }

  #lateMs(at: number): number | null {
    const dueMs = this.#settings.waiting[at]?.dueMs ?? null
    if (dueMs === null) return null
    const freeMs = ((this.#freeSinceNs.get(at) ?? this.#startedNs) - this.#startedNs) / 1e6
    return freeMs > dueMs ? null : this.#elapsedMs() - dueMs
  }

  #setFree(at: number): void {
    this.#freeSinceNs.set(at, this.#settings.clock.monotonicNs())
    let place = this.#free.length
    while (place > 0 && (this.#free[place - 1] ?? 0) > at) place--
    this.#free.splice(place, 0, at)
  }

  #elapsedMs(): number {
    return (this.#settings.clock.monotonicNs() - this.#startedNs) / 1e6
  }
}
