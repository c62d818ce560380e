import { createSecrets } from '../../../core/secrets/secrets.ts'
import { CaptureError } from '../../format/capture-error.ts'
import type { LossRecord } from '../../format/records.ts'
import { type EntryOfBatch, readBatch, type ThreadNote } from '../batches.ts'
import type { CleanRecord, CleanSink, RecordedExchange } from '../clean-record.ts'
import { Decoders } from '../decoding/decoders.ts'
import { CaptureFiles } from '../files/capture-files.ts'
import { Sections } from '../files/open-section.ts'
import { SectionClock } from '../files/section-clock.ts'
import { createGauge, type Gauge } from '../gauge.ts'
import { asPieces } from '../recent/blob-shelf.ts'
import { RecentExchanges } from '../recent/recent-exchanges.ts'
import { SaveFiles } from '../recent/save-files.ts'
import type { CaptureNotice, CaptureSettings, SavedCapture } from '../settings.ts'
import type { ThreadReply, ThreadSetup } from '../thread-talk.ts'
import { Recorder } from './recorder.ts'

const maxRecentLosses = 100

/** All that the thread does, in the order in which it is told. */
export class Recording implements CleanSink {
  readonly #setup: ThreadSetup
  readonly #reply: (reply: ThreadReply) => void
  readonly #gauge: Gauge
  readonly #clock: SectionClock
  readonly #sections: Sections
  readonly #decoders = new Decoders()
  readonly #recorder: Recorder
  readonly #files: CaptureFiles
  readonly #saves: SaveFiles
  #recent = new RecentExchanges()
  #recentLosses: LossRecord[] = []
  #settings: CaptureSettings
  /** More waits than can be deduplicated in time. */
  #isBusy = false

  constructor(setup: ThreadSetup, settings: CaptureSettings, reply: (reply: ThreadReply) => void) {
    this.#setup = setup
    this.#reply = reply
    this.#settings = settings
    this.#gauge = createGauge(setup.gauge)
    const clock = new SectionClock(setup.baseNs, Date.now())
    const onNotice = (notice: CaptureNotice) => reply({ is: 'notice', notice })
    const { run, version, retryMs, firstSection } = setup
    const sections = new Sections({ clock, run, version, onNotice }, firstSection)
    const onState = () => this.#tellState()
    this.#clock = clock
    this.#sections = sections
    this.#files = new CaptureFiles({ settings, clock, sections, retryMs, onNotice, onState })
    this.#saves = new SaveFiles({ clock, sections, onNotice })
    this.#recorder = new Recorder(createSecrets(setup.runKey), this, (t) => clock.since(t))
    if (settings.mode === 'all') this.#files.prepare()
  }

  configure(settings: CaptureSettings): void {
    const { mode: before } = this.#settings
    if (settings.mode === 'off') this.#cutAll()
    this.#settings = settings
    this.#files.configure(settings)
    if (settings.mode === before) return
    if (before === 'all') this.#files.end()
    if (settings.mode === 'all') this.#files.prepare()
    if (before === 'recent') this.#leaveRecent()
    this.#measure()
  }

  /** Entries of the batch. */
  async take(memory: ArrayBuffer): Promise<number> {
    const { monotonicNs, wallMs, entries } = readBatch(memory)
    this.#clock.set(monotonicNs, wallMs)
    this.#isBusy = this.#gauge.waitingBytes() > this.#setup.busyBytes
    const due = this.#settings.mode === 'all' ? this.#clock.due() : null
    if (due) this.#files.clock(due)
    await this.#decoders.decode(entries)
    for (const entry of entries) this.#entry(entry)
    return entries.length
  }

  /** After one or several batches: what they brought is on its way to disk when it returns. */
  settle(): void {
    this.#recorder.settle()
    this.#files.flush()
    this.#saves.flush()
    this.#recent.fit(this.#settings.recentBytes)
    this.#measure()
  }

  /** Throws `CaptureError`. */
  save(exchange: string | null): SavedCapture {
    this.settle()
    if (this.#settings.mode === 'all') return this.#savedAlready()
    const asked = this.#recent.pick(exchange)
    if (asked.length === 0) {
      const what = exchange === null ? 'no exchange is' : `exchange ${exchange} is not`
      throw new CaptureError('not_found', `${what} in memory: captures of mode recent keep the last ones`)
    }
    const saved = this.#saves.save(asked, this.#recentLosses, this.#settings)
    this.#tellState()
    return saved
  }

  close(): void {
    this.#cutAll()
    this.#files.flush()
    this.#files.end()
    this.#saves.end()
    this.#measure()
  }

  /** Of the recorder: nothing in it is secret. */
  record(exchange: RecordedExchange, record: CleanRecord): void {
    const { mode } = this.#settings
    const isPlain = this.#isBusy
    if (mode === 'all') {
      this.#files.take(exchange, record, isPlain && record.k === 'b' ? [record.bytes] : undefined)
    } else if (mode === 'recent') {
      this.#saves.took(exchange, this.#recent.take(exchange, record, isPlain))
    }
  }

  closed(exchange: RecordedExchange): void {
    this.#recent.closed(exchange)
    this.#saves.closed(exchange)
  }

  #entry(entry: EntryOfBatch): void {
    if ('bytes' in entry) this.#recorder.body(entry)
    else this.#note(entry.exchange, entry.note)
  }

  #note(number: number, note: ThreadNote): void {
    switch (note.k) {
      case 'secret':
        return this.#recorder.texts.learn(note.value, note.kind)
      case 'drop':
        return this.#lost(note)
      default:
        this.#recorder.note(number, note)
        if (note.k === 'u') this.#decoders.close(number)
    }
  }

  #lost({ open, ...note }: Extract<ThreadNote, { k: 'drop' }>): void {
    const since = (t: number) => this.#clock.since(t)
    const record: LossRecord = { ...note, t: this.#clock.now(), from: since(note.from), to: since(note.to) }
    if (this.#settings.mode === 'all') this.#files.lose(record)
    else this.#recentLosses = [...this.#recentLosses, record].slice(-maxRecentLosses)
    for (const gone of this.#recorder.closeAllBut(new Set(open))) this.#decoders.close(gone)
  }

  #cutAll(): void {
    for (const gone of this.#recorder.closeAllBut(new Set())) this.#decoders.close(gone)
  }

  /** What is open goes on in the files of mode `all`, from its beginning; everything else is let go. */
  #leaveRecent(): void {
    this.#saves.end()
    if (this.#settings.mode === 'all') {
      for (const { exchange, records, loss } of this.#recent.open()) {
        for (const { record, pieces } of records) {
          this.#files.take(exchange, record, pieces ? asPieces(pieces) : undefined)
        }
        if (loss) this.#files.lose(loss)
      }
    }
    this.#recent = new RecentExchanges()
    this.#recentLosses = []
  }

  #savedAlready(): SavedCapture {
    const { path, lastError } = this.#files
    if (lastError !== null) throw new CaptureError('unwritable', lastError)
    if (path === null) throw new CaptureError('not_found', 'nothing was captured yet')
    return { file: path, exchanges: 0 }
  }

  #measure(): void {
    this.#gauge.bytes = this.#settings.mode === 'recent' ? this.#recent.bytes : this.#files.bytes
    this.#gauge.lost = this.#files.lostRecords
  }

  #tellState(): void {
    const { path: file, lastError } = this.#files
    this.#reply({ is: 'state', file, lastError, nextSection: this.#sections.next })
  }
}
