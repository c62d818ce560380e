import type { Place, Places } from '../../routing/availability/places.ts'

/** The place that an exchange got by waiting, until an attempt takes it. */
export class HeldPlace {
  #place: Place | null = null

  /** At which backend; null: it has none. */
  get backend(): string | null {
    return this.#place?.backend ?? null
  }

  hold(place: Place | null): void {
    this.giveBack()
    this.#place = place
  }

  /** The one that is held, else a free one; null: there is none. One held elsewhere is given back. */
  take(places: Places, backend: string): Place | null {
    const held = this.#place
    this.#place = null
    if (held?.backend === backend) return held
    held?.giveBack()
    return places.take(backend)
  }

  giveBack(): void {
    this.#place?.giveBack()
    this.#place = null
  }
}
