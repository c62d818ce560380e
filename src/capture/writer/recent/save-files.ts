import { existsSync, rmSync } from 'node:fs'
import { CaptureError } from '../../format/capture-error.ts'
import type { LossRecord } from '../../format/records.ts'
import type { RecordedExchange } from '../clean-record.ts'
import { appendClean } from '../files/append-clean.ts'
import { asTrouble } from '../files/capture-trouble.ts'
import { Loss } from '../files/loss.ts'
import type { Sections } from '../files/open-section.ts'
import type { SectionClock } from '../files/section-clock.ts'
import type { SectionFile } from '../files/section-file.ts'
import type { CaptureNotice, CaptureSettings, SavedCapture } from '../settings.ts'
import { asPieces } from './blob-shelf.ts'
import { type KeptExchange, type KeptRecord, storedBytes } from './kept-exchange.ts'

const flushBytes = 256 * 1024

interface OpenSave {
  file: SectionFile
  /** Exchanges that have not closed. */
  open: Map<RecordedExchange, KeptExchange>
}

export interface SaveParts {
  clock: SectionClock
  sections: Sections
  onNotice: (notice: CaptureNotice) => void
}

/** Files into which exchanges of mode `recent` were saved, and go on to be saved as long as they are open. */
export class SaveFiles {
  readonly #parts: SaveParts
  readonly #saving = new Map<RecordedExchange, OpenSave>()

  constructor(parts: SaveParts) {
    this.#parts = parts
  }

  /** What stands in a file already is not written again. `asked` is not empty. Throws `CaptureError` `unwritable`. */
  save(
    asked: readonly KeptExchange[],
    losses: readonly LossRecord[],
    settings: CaptureSettings,
  ): SavedCapture {
    const fresh = asked.filter(({ savedIn }) => savedIn === null || !existsSync(savedIn))
    const [last] = asked.slice(-1)
    if (fresh.length === 0) return { file: last?.savedIn ?? '', exchanges: 0 }
    try {
      return this.#write(fresh, losses, settings)
    } catch (error) {
      const { message } = asTrouble(error, settings.folder)
      throw new CaptureError('unwritable', `nothing was saved: ${message}`, { cause: error })
    }
  }

  took(exchange: RecordedExchange, kept: KeptRecord): void {
    const save = this.#saving.get(exchange)
    if (save) this.#try(save, () => append(save.file, exchange, kept, false))
  }

  closed(exchange: RecordedExchange): void {
    this.#leave(exchange)
  }

  #leave(exchange: RecordedExchange): void {
    const save = this.#saving.get(exchange)
    this.#saving.delete(exchange)
    save?.open.delete(exchange)
    if (save?.open.size === 0) this.#end(save)
  }

  flush(): void {
    for (const save of new Set(this.#saving.values())) this.#try(save, () => save.file.flush(new Loss()))
  }

  end(): void {
    for (const save of new Set(this.#saving.values())) this.#end(save)
    this.#saving.clear()
  }

  #write(
    fresh: readonly KeptExchange[],
    losses: readonly LossRecord[],
    settings: CaptureSettings,
  ): SavedCapture {
    const bytes = storedBytes(fresh)
    const file = this.#parts.sections.open(settings, { most: bytes, least: bytes })
    const save: OpenSave = { file, open: new Map() }
    try {
      for (const loss of losses) file.append(loss)
      for (const kept of fresh) appendWhole(file, kept)
      file.flush(new Loss())
    } catch (error) {
      file.close()
      rmSync(file.path, { force: true })
      throw error
    }
    for (const kept of fresh) {
      kept.savedIn = file.path
      if (kept.isClosed) continue
      // Somebody deleted the file in which it went on.
      this.#leave(kept.exchange)
      save.open.set(kept.exchange, kept)
      this.#saving.set(kept.exchange, save)
    }
    if (save.open.size === 0) this.#end(save)
    return { file: file.path, exchanges: fresh.length }
  }

  #end({ file }: OpenSave): void {
    try {
      file.end(this.#parts.clock.now(), new Loss())
    } catch (error) {
      this.#tell(file, error)
    }
  }

  /** A file that cannot be written any more is left as it is; what it should have had is saved whole when it is asked for. */
  #try(save: OpenSave, write: () => void): void {
    try {
      write()
    } catch (error) {
      for (const [exchange, kept] of save.open) {
        this.#saving.delete(exchange)
        kept.savedIn = null
      }
      save.file.close()
      this.#tell(save.file, error)
    }
  }

  #tell(file: SectionFile, error: unknown): void {
    const { message } = error as Error
    this.#parts.onNotice({
      ...{ level: 'warn', code: 'trouble', file: file.path },
      message: `what follows of saved exchanges cannot be added to ${file.path}: ${message}`,
    })
  }
}

function appendWhole(file: SectionFile, kept: KeptExchange): void {
  let begins = true
  for (const one of kept.records) {
    append(file, kept.exchange, one, begins)
    begins = false
    if (file.waitingBytes >= flushBytes) file.flush(new Loss())
  }
  if (kept.loss) file.append(kept.loss)
}

function append(file: SectionFile, exchange: RecordedExchange, kept: KeptRecord, begins: boolean): void {
  appendClean(file, exchange, kept.record, begins, kept.pieces ? asPieces(kept.pieces) : undefined)
}
