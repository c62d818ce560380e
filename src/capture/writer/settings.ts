export type CaptureMode = 'off' | 'recent' | 'all'

/** `wire_capture`, in bytes. */
export interface CaptureSettings {
  mode: CaptureMode
  folder: string
  /** Memory of mode `recent`. */
  recentBytes: number
  /** Where a new file begins. */
  maxFileBytes: number
  /** Of all files of ours in the folder. */
  maxTotalBytes: number
  /** Free space below which nothing is written. */
  minFreeBytes: number
  sync: 'none' | 'interval' | 'always'
}

/** As `/internal/health` gives it. */
export interface CaptureState {
  mode: CaptureMode
  /** The open file. */
  file: string | null
  /** Of the open file; in mode `recent`, what is kept in memory. */
  bytes: number
  dropped_records: number
  last_error: string | null
}

/** Something that belongs into the log. */
export interface CaptureNotice {
  level: 'info' | 'warn' | 'error'
  code:
    | 'file_opened'
    | 'file_deleted'
    | 'trouble'
    | 'recovered'
    | 'queue_full'
    | 'thread_lost'
    | 'saved'
    | 'not_saved'
  message: string
  file?: string
}

export interface SavedCapture {
  file: string
  /** That stand in the file by this call. */
  exchanges: number
}
