import type { ExchangeRun } from './exchange-run.ts'

/**
 * The exchanges that are open now. Not a Set: V8 keeps each table that a Set has outgrown, and all that stood in it,
 * until a full collection, and a proxy would outgrow one every few exchanges.
 */
export class OpenRuns {
  private readonly places: (ExchangeRun | undefined)[] = []
  private readonly free: number[] = []

  get size(): number {
    return this.places.length - this.free.length
  }

  /** The place that `remove` needs. */
  add(run: ExchangeRun): number {
    const place = this.free.pop() ?? this.places.length
    this.places[place] = run
    return place
  }

  remove(place: number): void {
    if (this.places[place] === undefined) return
    this.places[place] = undefined
    this.free.push(place)
  }

  *[Symbol.iterator](): Generator<ExchangeRun> {
    for (const run of this.places) if (run) yield run
  }
}
