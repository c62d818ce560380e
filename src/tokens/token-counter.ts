import { Worker } from 'node:worker_threads'
import { workerEntry } from '../core/worker-entry.ts'

/** Counts tokens of the o200k encoding in a thread of its own, which starts with the first text. */
export interface TokenCounter {
  /**
   * Tokens of each text, in order. Null when they could not be counted: too much was waiting, or the thread died.
   * The same text is counted once.
   */
  count(texts: readonly string[]): Promise<readonly number[] | null>
  close(): Promise<void>
}

export interface TokenCounterOptions {
  /**
   * At most so many UTF-16 units may wait to be counted. The default is a prompt of a million tokens; ordinary text
   * of that length takes about a second, the slowest (random Chinese) 40 seconds.
   */
  longestQueue?: number
  /** Told when the thread died. The next text starts another. */
  onLost?: (cause: Error) => void
  /** Another thread that answers `CountJob`s with `CountReply`s. */
  start?: () => Worker
}

export interface CountJob {
  id: number
  texts: readonly string[]
}

export interface CountReply {
  id: number
  counts: readonly number[]
}

interface Waiting {
  units: number
  settle: (counts: readonly number[] | null) => void
}

const defaultQueue = 4 << 20
/** What a job costs besides its texts, so that no number of empty ones is free. */
const unitsPerJob = 100

export function createTokenCounter({
  longestQueue = defaultQueue,
  onLost,
  start = startWorker,
}: TokenCounterOptions = {}): TokenCounter {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let waitingUnits = 0
  let nextId = 0
  let closed = false

  function settle(id: number, counts: readonly number[] | null): void {
    const job = waiting.get(id)
    if (!job) return
    waiting.delete(id)
    waitingUnits -= job.units
    job.settle(counts)
  }

  function lost(which: Worker, cause: Error): void {
    if (worker !== which) return
    worker = undefined
    if (!closed) onLost?.(cause)
    for (const id of [...waiting.keys()]) settle(id, null)
  }

  function started(): Worker {
    if (worker) return worker
    const made = start()
    made.on('message', ({ id, counts }: CountReply) => settle(id, counts))
    made.on('error', (cause) => lost(made, cause))
    made.on('exit', (code) => lost(made, new Error(`the thread that counts tokens ended with code ${code}`)))
    // After the listeners: the one for messages would hold the process again.
    made.unref()
    worker = made
    return made
  }

  return {
    count(texts) {
      const units = unitsPerJob + texts.reduce((sum, text) => sum + text.length, 0)
      if (closed || waitingUnits + units > longestQueue) return Promise.resolve(null)
      const thread = started()
      const id = nextId++
      return new Promise((resolve) => {
        waiting.set(id, { units, settle: resolve })
        waitingUnits += units
        thread.postMessage({ id, texts } satisfies CountJob)
      })
    },
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}

/** Its young generation is small because the default lets the thread take 50 MB more, for nothing. */
function startWorker(): Worker {
  const entry = workerEntry(import.meta, 'count-worker')
  const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 }
  return new Worker(entry.source, { eval: entry.eval, resourceLimits })
}
