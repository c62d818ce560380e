import { Worker } from 'node:worker_threads'
import { type Clock, systemClock } from '../core/clock.ts'
import { workerEntry } from '../core/worker-entry.ts'
import { CountBudget } from './count-budget.ts'
import type { Counted, CountReply } from './count-job.ts'
import { JobBatch } from './job-batch.ts'
import type { RequestCount, RequestToCount } from './request-count.ts'

/** Counts tokens of the o200k encoding in a thread of its own, which starts with the first text. */
export interface TokenCounter {
  /**
   * Tokens of each text, in order. Null when they could not be counted: too much was waiting, the thread had been busy
   * for half of the time, or it died.
   * The same text is counted once.
   */
  count(texts: readonly string[]): Promise<readonly number[] | null>
  /** Of a whole request; the body's bytes are copied at once. Null also when it cannot be read. */
  countRequest(request: RequestToCount): Promise<RequestCount | null>
  /** Since it was made. */
  readonly work: Readonly<CountingWork>
  close(): Promise<void>
}

export interface CountingWork {
  /** Texts and requests that went to the thread. */
  taken: number
  /** That were turned away: they are reckoned by their bytes. */
  refused: number
  busyMs: number
}

export interface TokenCounterOptions {
  /**
   * At most so many UTF-16 units may wait to be counted. The default is a prompt of a million tokens; ordinary text
   * of that length takes about a second, the slowest (random Chinese) 40 seconds.
   */
  longestQueue?: number
  /** Told when the thread died. The next text starts another. */
  onLost?: (cause: Error) => void
  clock?: Pick<Clock, 'monotonicNs'>
  /** Another thread that answers lists of `CountJob`s with lists of `CountReply`s. */
  start?: () => Worker
}

interface Waiting {
  units: number
  settle: (counted: Counted) => void
}

const defaultQueue = 4 << 20
/** Small jobs go to the thread together: on a busy proxy waking it costs more than counting does. */
const gatherMs = 4
/** So much is no small job. */
const enoughUnits = 100_000
/** What a job costs besides its texts, so that no number of empty ones is free. */
const unitsPerJob = 100

export function createTokenCounter({
  longestQueue = defaultQueue,
  onLost,
  clock = systemClock,
  start = startWorker,
}: TokenCounterOptions = {}): TokenCounter {
  const waiting = new Map<number, Waiting>()
  const budget = new CountBudget(clock)
  const work = { taken: 0, refused: 0, busyMs: 0 }
  let worker: Worker | undefined
  let waitingUnits = 0
  let gathered = new JobBatch()
  let timer: NodeJS.Timeout | undefined
  let nextId = 0
  let closed = false

  function settle(id: number, counted: Counted): void {
    const job = waiting.get(id)
    if (!job) return
    waiting.delete(id)
    waitingUnits -= job.units
    job.settle(counted)
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
    made.on('message', (replies: readonly CountReply[]) => {
      for (const { id, counted, tookMs } of replies) {
        budget.spend(tookMs)
        work.busyMs += tookMs
        settle(id, counted)
      }
    })
    made.on('error', (cause) => lost(made, cause))
    made.on('exit', (code) => lost(made, new Error(`the thread that counts tokens ended with code ${code}`)))
    // After the listeners: the one for messages would hold the process again.
    made.unref()
    worker = made
    return made
  }

  function send(): void {
    if (timer) clearTimeout(timer)
    timer = undefined
    if (closed) return
    const { jobs, memory } = gathered
    gathered = new JobBatch()
    started().postMessage(jobs, memory)
  }

  function ask<C extends Counted>(
    units: number,
    gather: (batch: JobBatch, id: number) => void,
  ): Promise<C | null> {
    if (closed || waitingUnits + units > longestQueue || budget.isSpent) {
      work.refused++
      return Promise.resolve(null)
    }
    work.taken++
    const id = nextId++
    return new Promise((resolve) => {
      waiting.set(id, { units, settle: (counted) => resolve(counted as C | null) })
      waitingUnits += units
      gather(gathered, id)
      gathered.units += units
      if (gathered.units >= enoughUnits) send()
      else timer ??= setTimeout(send, gatherMs)
    })
  }

  return {
    work,
    count(texts) {
      const units = unitsPerJob + texts.reduce((sum, text) => sum + text.length, 0)
      return ask(units, (batch, id) => batch.addTexts(id, texts))
    },
    countRequest(request) {
      return ask(unitsPerJob + request.body.length, (batch, id) => batch.addRequest(id, request))
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      for (const id of [...waiting.keys()]) settle(id, null)
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
