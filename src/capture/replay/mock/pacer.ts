/** Runs things at their time. */
export interface Pacer {
  /** Milliseconds from an arbitrary start. */
  nowMs(): number
  /** Never at once: a time that has passed is the next turn of the event loop. Returns what takes it back. */
  at(targetMs: number, run: () => void): () => void
}

/** Timers of Node fire up to so much later than asked; the rest is waited for turn by turn of the event loop. */
const timerSlackMs = 1.5
/** What `setTimeout` can hold. */
const longestMs = 2 ** 31 - 1

interface Due {
  targetMs: number
  order: number
  run: (() => void) | null
}

/**
 * Keeps times to fractions of a millisecond: one timer for all that is due next, which wakes a little early. Only for
 * this little while a processor is kept busy, and sockets are served meanwhile.
 */
export class PrecisePacer implements Pacer {
  /** A heap: the earliest first. */
  readonly #due: Due[] = []
  #orders = 0
  #timer: NodeJS.Timeout | null = null
  #timerMs = Number.POSITIVE_INFINITY
  #immediate: NodeJS.Immediate | null = null

  nowMs(): number {
    return performance.now()
  }

  at(targetMs: number, run: () => void): () => void {
    const due: Due = { targetMs, order: this.#orders++, run }
    push(this.#due, due)
    this.#wait()
    return () => {
      due.run = null
    }
  }

  #wait(): void {
    for (let next = this.#due[0]; next && next.run === null; next = this.#due[0]) pop(this.#due)
    const [next] = this.#due
    if (next === undefined || this.#immediate) return
    const inMs = next.targetMs - this.nowMs()
    if (inMs <= timerSlackMs) {
      this.#immediate = setImmediate(() => {
        this.#immediate = null
        this.#turn()
      })
      return
    }
    if (this.#timer && this.#timerMs <= next.targetMs) return
    if (this.#timer) clearTimeout(this.#timer)
    this.#timerMs = next.targetMs
    this.#timer = setTimeout(
      () => {
        this.#timer = null
        this.#wait()
      },
      Math.min(longestMs, Math.floor(inMs - timerSlackMs)),
    )
  }

  /** What is due now; what that makes due, is due in the next turn, so that each is written by itself. */
  #turn(): void {
    const orders = this.#orders
    for (
      let next = this.#due[0];
      next && next.order < orders && next.targetMs <= this.nowMs();
      next = this.#due[0]
    ) {
      pop(this.#due)?.run?.()
    }
    this.#wait()
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.targetMs < other.targetMs || (one.targetMs === other.targetMs && one.order < other.order)
}

function push(heap: Due[], due: Due): void {
  let at = heap.push(due) - 1
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above] as Due
    if (!isBefore(due, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = due
}

function pop(heap: Due[]): Due | undefined {
  const [first] = heap
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return first
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const right = left + 1
    let least = left
    if (right < heap.length && isBefore(heap[right] as Due, heap[left] as Due)) least = right
    const below = heap[least]
    if (below === undefined || !isBefore(below, last)) break
    heap[at] = below
    at = least
  }
  heap[at] = last
  return first
}
