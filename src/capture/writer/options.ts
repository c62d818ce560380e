import type { Worker } from 'node:worker_threads'
import type { Clock } from '../../core/clock.ts'
import type { CaptureNotice, CaptureSettings } from './settings.ts'
import type { ThreadSetup } from './thread-talk.ts'

export interface CaptureWriterOptions {
  settings: CaptureSettings
  clock: Clock
  /** The key that the process's `Secrets` were made with. */
  runKey: Uint8Array
  /** Of the program. */
  version: string
  onNotice: (notice: CaptureNotice) => void
  /** Bytes that may wait for the thread; default 64 MiB. */
  maxWaitingBytes?: number
  /** How long a disk that failed is left alone, and how often a thread that dies is started anew; default 5 s. */
  retryMs?: number
  /** Another thread. */
  start?: (setup: ThreadSetup) => Worker
}
