import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { Inbox } from '../../../src/capture/writer/thread/inbox.ts'
import type { ThreadCommand, ThreadSetup } from '../../../src/capture/writer/thread-talk.ts'

/** What the thread does, without the half second that one takes to start from sources. */
class InProcessThread extends EventEmitter {
  readonly #inbox: Inbox

  constructor(setup: ThreadSetup) {
    super()
    this.#inbox = new Inbox(setup, (reply) => setImmediate(() => this.emit('message', reply)))
  }

  postMessage(what: ArrayBuffer | ThreadCommand): void {
    // As between threads: what is posted is not the sender's any more, and comes later.
    const moved = structuredClone(what, { transfer: what instanceof ArrayBuffer ? [what] : [] })
    setImmediate(() => this.#inbox.take(moved))
  }

  ref(): void {}
  unref(): void {}
  terminate(): Promise<number> {
    return Promise.resolve(0)
  }
}

export function startInProcess(setup: ThreadSetup): Worker {
  return new InProcessThread(setup) as unknown as Worker
}
