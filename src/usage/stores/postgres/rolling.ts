import type { Connection } from './connection.ts'
import { type RollupSteps, rollUp, usualSteps } from './rollup-writer.ts'

/** After so many rows it is looked whether enough wait: of several proxies each adds some. */
const rowsPerLook = 1_000

/** Rolls up what waits, beside what else the thread does, on a connection of its own: no append waits for it or fails by it. */
export class Rolling {
  readonly #connection: Connection
  readonly #steps: RollupSteps
  /** Since it was looked last; a database that was away at the start may have any number. */
  #added = rowsPerLook
  #running: Promise<void> | undefined
  #closed = false

  constructor(connection: Connection, steps: RollupSteps = usualSteps) {
    this.#connection = connection
    this.#steps = steps
  }

  added(rows: number): void {
    this.#added += rows
    if (this.#added >= rowsPerLook) this.start()
  }

  start(): void {
    if (this.#closed) return
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** What is not done yet is undone. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#connection.close()
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      while (!this.#closed) {
        this.#added = 0
        const rolled = await rollUp(this.#connection, this.#steps)
        if (!rolled && this.#added < rowsPerLook) return
      }
    } catch {
      // What keeps it from being written is told by the next append; roll-ups go on with the one after.
    }
  }
}
