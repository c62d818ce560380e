import type { Piece } from '../../dedup/pieces.ts'
import type { ClockRecord, LossReason, LossRecord } from '../../format/records.ts'
import type { CleanRecord, RecordedExchange } from '../clean-record.ts'
import type { CaptureNotice, CaptureSettings } from '../settings.ts'
import { appendClean } from './append-clean.ts'
import { prepareFolder, refuseWithoutSpace } from './capture-folder.ts'
import { asTrouble } from './capture-trouble.ts'
import { Loss } from './loss.ts'
import type { Sections } from './open-section.ts'
import type { SectionClock } from './section-clock.ts'
import type { SectionFile } from './section-file.ts'

const flushBytes = 256 * 1024
/** Of all that may be kept: the file before the open one is to stay, though the last record takes both beyond it. */
const maxShare = 0.4
const checkEveryMs = 1_000
const syncEveryMs = 1_000

export interface FilesParts {
  settings: CaptureSettings
  clock: SectionClock
  sections: Sections
  retryMs: number
  onNotice: (notice: CaptureNotice) => void
  /** The open file or the last error changed. */
  onState: () => void
}

/**
 * The files of mode `all`: one after the other, each of bounded size. While the disk does not take them, records are
 * counted and left out; the next record that is written says so.
 */
export class CaptureFiles {
  lastError: string | null = null
  readonly #parts: FilesParts
  #settings: CaptureSettings
  #file: SectionFile | null = null
  #trouble: { why: LossReason; timer: NodeJS.Timeout } | null = null
  #loss = new Loss()
  #lostBefore = 0
  /** What was appended since the file was last seen to be there. */
  #unseen = new Loss()
  /** Losses that are not yet known to have reached a file. */
  #untold: LossRecord[] = []
  /** In which file an exchange's `xo` stands. */
  #begunIn = new WeakMap<RecordedExchange, SectionFile>()
  #checkedMs = 0
  #syncTimer: NodeJS.Timeout | undefined

  constructor(parts: FilesParts) {
    this.#parts = parts
    this.#settings = parts.settings
  }

  get path(): string | null {
    return this.#file?.path ?? null
  }

  get bytes(): number {
    return this.#file?.bytes ?? 0
  }

  get lostRecords(): number {
    return this.#lostBefore + this.#loss.records
  }

  get #maxFileBytes(): number {
    return Math.min(this.#settings.maxFileBytes, this.#settings.maxTotalBytes * maxShare)
  }

  /** Whether anything could be written, said before there is anything. */
  prepare(): void {
    try {
      prepareFolder(this.#settings.folder)
      refuseWithoutSpace(this.#settings.folder, this.#settings.minFreeBytes)
    } catch (error) {
      this.#fail(error)
    }
  }

  configure(settings: CaptureSettings): void {
    const isElsewhere = settings.folder !== this.#settings.folder
    if (isElsewhere) this.end()
    this.#settings = settings
  }

  /** `pieces`: of a body that is cut, or is to stay as it is. */
  take(exchange: RecordedExchange, record: CleanRecord, pieces?: readonly Piece[]): void {
    const file = this.#usable()
    const bytes = record.k === 'b' ? record.bytes.length : 0
    if (!file) return this.#loss.add(record.t, bytes, record.x)
    this.#unseen.add(record.t, bytes, record.x)
    const begins = this.#begunIn.get(exchange) !== file
    this.#begunIn.set(exchange, file)
    appendClean(file, exchange, record, begins, pieces)
    if (file.waitingBytes >= flushBytes) this.flush()
  }

  /** Only tells an open file the time. */
  clock(record: ClockRecord): void {
    if (!this.#trouble) this.#file?.append(record)
  }

  lose(record: LossRecord): void {
    // Whether it is written now or with the others, when the disk takes it again.
    this.#untold.push(record)
    if (this.#trouble) return
    if (this.#file) this.#file.append(record)
    else this.#usable()
  }

  flush(): void {
    if (this.#trouble || !this.#file) return
    try {
      this.#check()
      this.#write()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Ends the file in order; the next record begins another one, which tells what this one could not. */
  end(): void {
    if (this.#trouble) this.#retry()
    if (this.#trouble) this.#leaveUntold(this.#trouble.why)
    clearTimeout(this.#trouble?.timer)
    this.#trouble = null
    this.lastError = null
    this.#endFile()
    this.#parts.onState()
  }

  #usable(): SectionFile | null {
    if (this.#trouble) return null
    try {
      if (this.#file && this.#file.bytes >= this.#maxFileBytes) {
        this.#write()
        this.#endFile()
      }
      this.#file ??= this.#open()
      return this.#file
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  #open(): SectionFile {
    const file = this.#openSection()
    this.#file = file
    this.lastError = null
    this.#seen()
    for (const loss of this.#untold) file.append(loss)
    this.#parts.onState()
    this.#parts.onNotice({
      ...{ level: 'info', code: 'file_opened', file: file.path },
      message: `captures go to ${file.path}`,
    })
    return file
  }

  #openSection(): SectionFile {
    return this.#parts.sections.open(this.#settings, { most: this.#maxFileBytes, least: 0 })
  }

  #endFile(): void {
    clearTimeout(this.#syncTimer)
    this.#syncTimer = undefined
    const file = this.#file
    this.#file = null
    try {
      file?.end(this.#parts.clock.now(), this.#loss)
    } catch (error) {
      const { why, message } = asTrouble(error, this.#settings.folder)
      this.lastError = message
      this.#leaveUntold(why)
    }
  }

  #leaveUntold(why: LossReason): void {
    if (this.#loss.records > 0) this.#untold.push(this.#loss.record(this.#parts.clock.now(), why))
    this.#lostBefore += this.#loss.records
    this.#loss = new Loss()
  }

  #write(): void {
    this.#file?.flush(this.#loss)
    this.#untold = []
    const { sync } = this.#settings
    if (sync === 'always') this.#file?.sync()
    if (sync === 'interval') this.#syncTimer ??= setTimeout(() => this.#syncNow(), syncEveryMs)
  }

  #syncNow(): void {
    this.#syncTimer = undefined
    try {
      this.#file?.sync()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Now and then: whether there is space, and whether the file is still there. */
  #check(): void {
    if (performance.now() - this.#checkedMs < checkEveryMs) return
    const became = this.#file?.whatBecame()
    if (this.#file && became) this.#replace(this.#file, became)
    refuseWithoutSpace(this.#settings.folder, this.#settings.minFreeBytes)
    this.#seen()
  }

  #seen(): void {
    this.#checkedMs = performance.now()
    this.#unseen = new Loss()
  }

  /** Somebody removed or moved the file, perhaps with its folder. */
  #replace(file: SectionFile, became: 'removed' | 'moved'): void {
    const { path } = file
    if (became === 'removed' && this.#unseen.records > 0) {
      this.#lostBefore += this.#unseen.records
      this.#untold.push(this.#unseen.record(this.#parts.clock.now(), 'disk_error'))
    }
    this.#parts.onNotice({
      ...{ level: 'warn', code: 'trouble', file: path },
      message: `the capture ${path} was ${became} while it was written; another file is begun`,
    })
    if (became === 'moved') this.#endFile()
    else file.close()
    this.#file = null
    this.#open()
  }

  #fail(error: unknown): void {
    const { why, message, isOfFile } = asTrouble(error, this.#settings.folder)
    if (isOfFile) this.#abandonFile()
    this.#file?.giveUp(this.#loss)
    this.#begunIn = new WeakMap()
    this.#unseen = new Loss()
    const isNew = this.#trouble === null
    this.lastError = message
    clearTimeout(this.#trouble?.timer)
    this.#trouble = { why, timer: setTimeout(() => this.#retry(), this.#parts.retryMs) }
    this.#parts.onState()
    if (!isNew) return
    const text = `${message}; what passes meanwhile is not captured, which is tried again every ${this.#parts.retryMs / 1000} s`
    this.#parts.onNotice({ level: 'warn', code: 'trouble', message: text })
  }

  #abandonFile(): void {
    this.#file?.abandon(this.#loss)
    this.#file = null
  }

  #retry(): void {
    if (!this.#trouble) return
    clearTimeout(this.#trouble.timer)
    const { why } = this.#trouble
    try {
      this.#resume(why)
      this.#trouble = null
      this.lastError = null
      this.#parts.onState()
      this.#parts.onNotice({ level: 'info', code: 'recovered', message: 'captures can be written again' })
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Says what was lost, in the file that was begun or a new one. */
  #resume(why: LossReason): void {
    if (this.#file?.whatBecame()) this.#abandonFile()
    this.#file ??= this.#openSection()
    refuseWithoutSpace(this.#settings.folder, this.#settings.minFreeBytes)
    const losses = [...this.#untold]
    if (this.#loss.records > 0) losses.push(this.#loss.record(this.#parts.clock.now(), why))
    for (const loss of losses) this.#file.append(loss)
    this.#file.flush(new Loss())
    this.#seen()
    this.#leaveUntold(why)
    this.#untold = []
  }
}
