import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { formatVersion } from '../../format/frame.ts'
import type { CaptureNotice, CaptureSettings } from '../settings.ts'
import { makeRoom, type NeededBytes, prepareFolder, refuseWithoutSpace } from './capture-folder.ts'
import { captureFileName } from './file-name.ts'
import { Loss } from './loss.ts'
import type { SectionClock } from './section-clock.ts'
import { SectionFile } from './section-file.ts'

/** Of the redaction: what it finds may grow, and a reader may want to know. */
const redactionVersion = 1

export interface SectionParts {
  clock: SectionClock
  run: string
  version: string
  onNotice: (notice: CaptureNotice) => void
}

/** Opens the sections of a run, each in a file of its own. */
export class Sections {
  next: number
  readonly #parts: SectionParts

  constructor(parts: SectionParts, first: number) {
    this.#parts = parts
    this.next = first
  }

  /** Its header is written. Throws the system's error, or `CaptureTrouble`; then no file is left. */
  open(settings: CaptureSettings, needed: NeededBytes): SectionFile {
    const { folder, maxTotalBytes, minFreeBytes } = settings
    prepareFolder(folder)
    refuseWithoutSpace(folder, minFreeBytes)
    const limits = { maxTotalBytes, needed, run: this.#parts.run, nowMs: Date.now() }
    makeRoom(folder, limits, (file, bytes) =>
      this.#parts.onNotice({
        ...{ level: 'info', code: 'file_deleted', file },
        message: `the oldest capture ${file} (${bytes} bytes) is deleted: wire_capture.max_total_mb`,
      }),
    )
    const file = this.#create(folder)
    try {
      file.flush(new Loss())
    } catch (error) {
      file.close()
      rmSync(file.path, { force: true })
      throw error
    }
    return file
  }

  #create(folder: string): SectionFile {
    const { clock, run, version } = this.#parts
    const wallNs = clock.begin()
    for (;;) {
      const section = this.next++
      const path = join(folder, captureFileName(clock.wallMs(), run, section))
      try {
        return new SectionFile(path, {
          ...{ k: 'hdr', v: formatVersion, app: 'llmproxy', appv: version, run, sec: section },
          ...{ wall_ns: wallNs, pid: process.pid, node: process.version },
          redact: { policy: 'overwrite', version: redactionVersion },
        })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(path)) throw error
      }
    }
  }
}
