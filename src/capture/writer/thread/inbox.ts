import { CaptureError } from '../../format/capture-error.ts'
import { createGauge, type Gauge } from '../gauge.ts'
import type { ThreadCommand, ThreadReply, ThreadSetup } from '../thread-talk.ts'
import { Recording } from './recording.ts'

/** Does what the main thread says, one after the other, though decoding takes its time. */
export class Inbox {
  readonly #setup: ThreadSetup
  readonly #gauge: Gauge
  readonly #reply: (reply: ThreadReply) => void
  readonly #waiting: (ArrayBuffer | ThreadCommand)[] = []
  #recording: Recording | undefined
  #isWorking = false

  constructor(setup: ThreadSetup, reply: (reply: ThreadReply) => void) {
    this.#setup = setup
    this.#gauge = createGauge(setup.gauge)
    this.#reply = reply
  }

  /** An error ends the thread, and another one begins. */
  take(what: ArrayBuffer | ThreadCommand): void {
    this.#waiting.push(what)
    if (!this.#isWorking) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next instanceof ArrayBuffer) await this.#record(next)
      else this.#obey(next)
    }
    this.#isWorking = false
  }

  async #record(batch: ArrayBuffer): Promise<void> {
    const entries = (await this.#recording?.take(batch)) ?? 0
    this.#recording?.settle()
    this.#gauge.dealtWith(batch.byteLength, entries)
  }

  #obey(command: ThreadCommand): void {
    switch (command.do) {
      case 'configure':
        if (this.#recording) this.#recording.configure(command.settings)
        else this.#recording = new Recording(this.#setup, command.settings, this.#reply)
        return this.#reply({ is: 'configured', id: command.id })
      case 'save':
        return this.#save(command)
      case 'close':
        this.#recording?.close()
        this.#reply({ is: 'closed' })
        this.#gauge.setClosed()
    }
  }

  #save({ id, exchange }: Extract<ThreadCommand, { do: 'save' }>): void {
    if (!this.#recording) return
    try {
      this.#reply({ is: 'saved', id, saved: this.#recording.save(exchange) })
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error
      this.#reply({ is: 'failed', id, code: error.code, message: error.message })
    }
  }
}
