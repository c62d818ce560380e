import { randomUUID } from 'node:crypto'
import type { SecretKind } from '../../core/secrets/mark.ts'
import { KnownSecrets } from './known-secrets.ts'
import { Losses } from './losses.ts'
import type { CaptureWriterOptions } from './options.ts'
import type { Queue } from './queue.ts'
import { Saves } from './saves.ts'
import type { CaptureSettings, CaptureState } from './settings.ts'
import { startWriteThread, ThreadRun } from './thread-run.ts'
import type { ThreadReply } from './thread-talk.ts'

const anchorEveryMs = 60_000
/** A disk that hangs must not keep the process: so long nothing may be written, and in all so often so long. */
const closeWithinMs = 5_000
const mostWaits = 6
/** At an exit that nobody announced, the rest may take so long. */
const lastWordsMs = 1_000
const defaultWaitingBytes = 64 << 20
const defaultRetryMs = 5_000

/** Keeps a thread that writes while there is something to write, with what it has to know. */
export class ThreadKeeper {
  readonly saves: Saves
  /** Counts the times at which the thread knew nothing of what is open. */
  generation = 0
  readonly #options: CaptureWriterOptions
  readonly #openNumbers: () => number[]
  readonly #secrets = new KnownSecrets()
  readonly #runId = randomUUID()
  readonly #baseNs: number
  #settings: CaptureSettings
  #run: ThreadRun | null = null
  #mayStartAtNs = 0
  readonly #losses = new Losses()
  /** Records that threads which are gone could not write. */
  #unwrittenBefore = 0
  #reported: { file: string | null; lastError: string | null; nextSection: number } = {
    ...{ file: null, lastError: null, nextSection: 0 },
  }
  /** Who waits until settings hold, by their number. */
  readonly #configuring = new Map<number, () => void>()
  #nextSettings = 0
  #isClosed = false
  #ended: () => void = () => {}
  readonly #lastWords = () => this.#closeNow()

  constructor(options: CaptureWriterOptions, openNumbers: () => number[]) {
    this.#options = options
    this.#openNumbers = openNumbers
    this.#settings = options.settings
    this.#baseNs = options.clock.monotonicNs()
    this.saves = new Saves(options.clock)
    if (this.isOn) this.#start()
    options.clock.after(anchorEveryMs, () => this.#tick())
  }

  get isOn(): boolean {
    return this.#settings.mode !== 'off' && !this.#isClosed
  }

  /** Null: nothing is captured, or what should be is lost just now. */
  get queue(): Queue | null {
    return this.isOn ? (this.#run?.queue ?? null) : null
  }

  learn(value: string, kind: SecretKind): void {
    if (this.#secrets.add(value, kind)) this.#run?.outbox.note(0, { k: 'secret', value, kind }, true)
  }

  /** An entry that there is no thread for. */
  lost(exchange: string, tNs: number, bytes: number): void {
    if (this.isOn) this.#losses.entry('writer_lost', exchange, tNs, bytes)
  }

  /** Resolves when they hold, and `state` says what came of it; never rejects. */
  configure(settings: CaptureSettings): Promise<void> {
    const wasOn = this.isOn
    this.#settings = settings
    if (this.isOn && !wasOn) this.generation++
    // What was lost stands in the file of its time.
    this.#run?.queue.tell()
    const told = this.#run ? this.#tellSettings(this.#run) : this.isOn ? this.#start() : null
    return new Promise((resolve) => {
      if (told === null) resolve()
      else this.#configuring.set(told, resolve)
    })
  }

  #tellSettings(run: ThreadRun): number {
    const id = this.#nextSettings++
    run.command({ do: 'configure', id, settings: this.#settings })
    return id
  }

  /** Nobody is left who would say so. */
  #leaveConfiguring(): void {
    for (const resolve of this.#configuring.values()) resolve()
    this.#configuring.clear()
  }

  save(exchange: string | null): ReturnType<Saves['ask']> {
    const asked = this.saves.ask((id) => {
      if (!this.#run)
        return this.saves.fail('the capture has no thread that could write; try again in a few seconds')
      this.#run.command({ do: 'save', id, exchange })
      this.#run.hold(true)
    })
    return asked.finally(() => this.#run?.hold(this.saves.areAwaited))
  }

  state(): CaptureState {
    const { file, lastError } = this.#reported
    const run = this.#run
    return {
      ...{ mode: this.#settings.mode, file, bytes: run?.gauge.bytes ?? 0, last_error: lastError },
      dropped_records: this.#losses.entries + this.#unwrittenBefore + (run?.gauge.lost ?? 0),
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const run = this.#run
    if (!run) return
    run.hold(true)
    run.queue.tell()
    run.command({ do: 'close' })
    const isInTime = await this.#hasEnded(run)
    process.off('exit', this.#lastWords)
    this.saves.fail('the capture was closed')
    this.#leaveConfiguring()
    this.#unwrittenBefore += run.gauge.lost
    this.#run = null
    if (isInTime) return run.end()
    run.hold(false)
    this.#options.onNotice({
      ...{ level: 'error', code: 'trouble' },
      message: `the disk did not take the capture in time: ${run.gauge.waitingEntries()} records are not in it`,
    })
  }

  /** False: nothing more is written, or not in time. */
  #hasEnded({ gauge }: ThreadRun): Promise<boolean> {
    const { clock } = this.#options
    return new Promise((resolve) => {
      this.#ended = () => resolve(true)
      const look = (before: number, waits: number) => {
        const left = gauge.waitingBytes()
        if (left >= before || waits === 0) resolve(false)
        else clock.after(closeWithinMs, () => look(left, waits - 1))
      }
      look(Number.POSITIVE_INFINITY, mostWaits)
    })
  }

  /** The process ends: what can be written without waiting for its turn is. */
  #closeNow(): void {
    const run = this.#run
    if (!run) return
    run.queue.tell()
    run.command({ do: 'close' })
    run.gauge.waitForClosed(lastWordsMs)
  }

  /** The number of its settings. */
  #start(): number {
    const { clock, runKey, version, maxWaitingBytes = defaultWaitingBytes } = this.#options
    const { retryMs = defaultRetryMs, start = startWriteThread } = this.#options
    const run = new ThreadRun({
      setup: {
        ...{ runKey, version, retryMs, run: this.#runId, baseNs: this.#baseNs },
        firstSection: this.#reported.nextSection,
      },
      ...{ clock, maxWaitingBytes, start, losses: this.#losses, openNumbers: this.#openNumbers },
      onReply: (reply) => this.#heard(reply),
      onFull: () => this.#tellFull(),
      onLost: (cause) => this.#threadLost(run, cause),
    })
    if (!this.#run) process.on('exit', this.#lastWords)
    this.#run = run
    this.generation++
    this.#mayStartAtNs = clock.monotonicNs() + retryMs * 1e6
    const told = this.#tellSettings(run)
    for (const [value, kind] of this.#secrets.all()) run.outbox.note(0, { k: 'secret', value, kind }, true)
    return told
  }

  #threadLost(run: ThreadRun, cause: Error): void {
    const lost = run.abandoned()
    this.#unwrittenBefore += run.gauge.lost
    this.#run = null
    process.off('exit', this.#lastWords)
    this.#losses.count('writer_lost', lost, this.#options.clock.monotonicNs())
    const message = `the thread that writes captures was lost (${cause.message}), and ${lost} records with it`
    this.#reported = { ...this.#reported, file: null, lastError: message }
    this.saves.fail(message)
    this.#leaveConfiguring()
    this.#ended()
    if (this.#isClosed) return
    this.#options.onNotice({
      ...{ level: 'error', code: 'thread_lost' },
      message: `${message}; a new one begins a new file`,
    })
    const waitMs = Math.max(0, (this.#mayStartAtNs - this.#options.clock.monotonicNs()) / 1e6)
    this.#options.clock.after(waitMs, () => {
      if (this.isOn && !this.#run) this.#start()
    })
  }

  #heard(reply: ThreadReply): void {
    switch (reply.is) {
      case 'notice':
        return this.#options.onNotice(reply.notice)
      case 'state':
        this.#reported = reply
        return
      case 'configured':
        this.#configuring.get(reply.id)?.()
        this.#configuring.delete(reply.id)
        return
      case 'closed':
        return this.#ended()
      default:
        this.saves.answer(reply)
    }
  }

  #tellFull(): void {
    this.#options.onNotice({
      ...{ level: 'warn', code: 'queue_full' },
      message: 'more passes than can be written: records are left out of the capture, which says where',
    })
  }

  /** Also when nothing passes, a file's clock goes on: so others see that it is in use. */
  #tick(): void {
    if (this.#isClosed) return
    if (this.isOn) this.#run?.outbox.flush()
    this.#options.clock.after(anchorEveryMs, () => this.#tick())
  }
}
