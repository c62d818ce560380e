import { FakeClock } from '../../support/fake-clock.ts'

/** A clock that stands still and whose date can be set without anything falling due on the way. */
export class DatedClock extends FakeClock {
  #shiftMs = 0

  setDate(date: string): void {
    this.#shiftMs = Date.parse(date) - super.nowMs()
  }

  override nowMs(): number {
    return super.nowMs() + this.#shiftMs
  }
}
