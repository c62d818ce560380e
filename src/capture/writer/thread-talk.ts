import type { CaptureErrorCode } from '../format/capture-error.ts'
import type { CaptureNotice, CaptureSettings, SavedCapture } from './settings.ts'

/** What the thread that writes is started with. */
export interface ThreadSetup {
  gauge: SharedArrayBuffer
  /** Of the process's secrets, so that equal ones have equal marks in logs and captures. */
  runKey: Uint8Array
  run: string
  version: string
  /** By the process's monotonic clock: where `t` is 0 in every section of the run. */
  baseNs: number
  firstSection: number
  /** How long a disk that failed is left alone. */
  retryMs: number
  /** More waits: bodies are stored as they are, for deduplication takes longer than writing. */
  busyBytes: number
}

/** Beside batches. Settings come before anything else. */
export type ThreadCommand =
  | { do: 'configure'; id: number; settings: CaptureSettings }
  | { do: 'save'; id: number; exchange: string | null }
  | { do: 'close' }

export type ThreadReply =
  | { is: 'notice'; notice: CaptureNotice }
  | { is: 'state'; file: string | null; lastError: string | null; nextSection: number }
  /** Behind what it has to say of its state then. */
  | { is: 'configured'; id: number }
  | { is: 'saved'; id: number; saved: SavedCapture }
  | { is: 'failed'; id: number; code: CaptureErrorCode; message: string }
  | { is: 'closed' }
