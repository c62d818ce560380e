import { BackendTraffic } from './backend-traffic.ts'

/** A configuration that is reloaded may bring others each time. */
const mostBackends = 200

/** The backends that were asked last. */
export class AllBackends {
  /** By name, those heard of last at the end. */
  readonly #known = new Map<string, BackendTraffic>()
  #last: { name: string; traffic: BackendTraffic } | null = null

  get(name: string): BackendTraffic | null {
    return this.#known.get(name) ?? null
  }

  /** An attempt begins there. */
  heard(name: string, nowNs: number): BackendTraffic {
    if (this.#last?.name === name) return this.#last.traffic
    const traffic = this.#known.get(name) ?? new BackendTraffic(nowNs)
    this.#last = { name, traffic }
    this.#known.delete(name)
    this.#known.set(name, traffic)
    if (this.#known.size > mostBackends) this.#known.delete(this.#known.keys().next().value as string)
    return traffic
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#known.keys())
  }
}
