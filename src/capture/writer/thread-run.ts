import { Worker } from 'node:worker_threads'
import type { Clock } from '../../core/clock.ts'
import { workerEntry } from '../../core/worker-entry.ts'
import { createGauge, type Gauge } from './gauge.ts'
import type { Losses } from './losses.ts'
import { Outbox } from './outbox.ts'
import { Queue } from './queue.ts'
import type { ThreadCommand, ThreadReply, ThreadSetup } from './thread-talk.ts'

export interface RunParts {
  clock: Clock
  setup: Omit<ThreadSetup, 'gauge' | 'busyBytes'>
  maxWaitingBytes: number
  losses: Losses
  openNumbers: () => number[]
  start: (setup: ThreadSetup) => Worker
  onReply: (reply: ThreadReply) => void
  onFull: () => void
  /** It ended without being asked to. */
  onLost: (cause: Error) => void
}

/** A life of the thread that writes, and the way to it. */
export class ThreadRun {
  readonly gauge: Gauge = createGauge()
  readonly outbox: Outbox
  readonly queue: Queue
  readonly #worker: Worker
  #ended = false

  constructor(parts: RunParts) {
    const { clock, gauge, maxWaitingBytes } = { ...parts, gauge: this.gauge }
    this.#worker = parts.start({
      ...parts.setup,
      gauge: gauge.memory,
      busyBytes: Math.floor(maxWaitingBytes / 4),
    })
    const post = (batch: ArrayBuffer) => this.#worker.postMessage(batch, [batch])
    this.outbox = new Outbox({ clock, gauge, maxWaitingBytes, post })
    const { losses, openNumbers, onFull } = parts
    this.queue = new Queue({ outbox: this.outbox, losses, openNumbers, onFull })
    const lost = (cause: Error) => {
      if (this.#ended) return
      this.#ended = true
      parts.onLost(cause)
    }
    this.#worker.on('message', parts.onReply)
    this.#worker.on('error', lost)
    this.#worker.on('exit', (code) => lost(new Error(`it ended with code ${code}`)))
    // After the listeners: the one for messages would hold the process again.
    this.#worker.unref()
  }

  /** After everything that was written before. */
  command(command: ThreadCommand): void {
    this.outbox.flush()
    this.#worker.postMessage(command)
  }

  /** Whether the process waits for it. */
  hold(isAwaited: boolean): void {
    if (isAwaited) this.#worker.ref()
    else this.#worker.unref()
  }

  /** Entries that did not get to the end of their way. */
  abandoned(): number {
    return this.gauge.waitingEntries() + this.outbox.discard()
  }

  async end(): Promise<void> {
    this.#ended = true
    this.outbox.discard()
    await this.#worker.terminate()
  }
}

/** Its young generation is small because the default lets the thread take 50 MB more, for nothing. */
export function startWriteThread(setup: ThreadSetup): Worker {
  const entry = workerEntry(import.meta, 'write-worker')
  const resourceLimits = { maxYoungGenerationSizeMb: 8 }
  return new Worker(entry.source, { eval: entry.eval, workerData: setup, resourceLimits })
}
