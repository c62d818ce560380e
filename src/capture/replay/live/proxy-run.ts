import { headerValue } from '../../../core/http.ts'
import { legNumbers } from '../../format/records.ts'
import type { ExchangeView } from '../../view/view.ts'
import type { CaptureEntry } from '../../writer/entries.ts'
import { replayHeader } from '../client-request.ts'
import { RunMemory } from '../run-memory.ts'

/** The exchanges of a proxy in this process, by the recorded ones that they repeat. */
export class ProxyRun {
  readonly #memory: RunMemory
  /** New ids by recorded ones. */
  readonly #ids = new Map<string, string>()
  readonly #closed = new Set<string>()
  #onClosed: (() => void) | null = null

  constructor(wallNsOf: (t: number) => number) {
    this.#memory = new RunMemory(wallNsOf)
  }

  take(entry: CaptureEntry): void {
    this.#memory.take(entry)
    if (entry.k === 'h' && entry.l === legNumbers.CTP) {
      const pairs = entry.hd.map(([name, value]): [string, string] => [name.toLowerCase(), value])
      const recordedId = headerValue(pairs, replayHeader)
      if (recordedId !== undefined) this.#ids.set(recordedId, entry.x)
    }
    if (entry.k !== 'u') return
    this.#closed.add(entry.x)
    this.#onClosed?.()
  }

  /** When it has closed; null: the proxy never opened it. */
  async exchange(recordedId: string): Promise<ExchangeView | null> {
    const id = this.#ids.get(recordedId)
    if (id === undefined) return null
    while (!this.#closed.has(id)) {
      await new Promise<void>((resolve) => {
        this.#onClosed = resolve
      })
    }
    this.#closed.delete(id)
    return this.#memory.release(id)
  }
}
