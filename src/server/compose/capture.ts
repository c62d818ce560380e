import { captureMonitor } from '../../capture/monitor/capture-monitor.ts'
import { type CaptureWriter, createCaptureWriter } from '../../capture/writer/capture-writer.ts'
import type {
  CaptureMode,
  CaptureNotice,
  CaptureSettings,
  SavedCapture,
} from '../../capture/writer/settings.ts'
import type { Config } from '../../config/schema.ts'
import type { Clock } from '../../core/clock.ts'
import type { PriceOf } from '../../core/cost.ts'
import type { Monitor } from '../../core/monitor.ts'
import type { Secrets } from '../../core/secrets/secrets.ts'
import type { Log } from '../../logs/log.ts'
import { version } from '../version.ts'

export interface CaptureSources {
  config: Config['wire_capture']
  clock: Clock
  log: Log
  /** With which the process's secrets are marked: a capture marks them alike. */
  runKey: Uint8Array
  secrets: Secrets
  priceOf: PriceOf
}

/** A thread that has much to do takes settings when it has done it: who switches need not wait for that. */
const answersWithinMs = 2_000

/** The wire capture of a running proxy. */
export interface RunningCapture {
  monitor: Monitor
  /** A reload: what it says of the mode holds only where it changed. */
  configure(config: Config['wire_capture']): void
  /** At run time, until the configuration says another. Resolves when `state` says what came of it. */
  setMode(mode: CaptureMode): Promise<void>
  save(exchange: string | null): Promise<SavedCapture>
  saveForIssue: CaptureWriter['saveForIssue']
  state: CaptureWriter['state']
  close(): Promise<void>
}

export function startCapture({
  config,
  clock,
  log,
  runKey,
  secrets,
  priceOf,
}: CaptureSources): RunningCapture {
  let configured = captureSettings(config)
  let settings = configured
  const writer = createCaptureWriter({
    settings,
    clock,
    runKey,
    version,
    onNotice: (notice) => tell(log, notice),
  })
  secrets.onLearned(writer.learn)
  const use = (next: CaptureSettings) => {
    settings = next
    return writer.configure(next)
  }
  return {
    monitor: captureMonitor({ write: writer.write, isOn: () => settings.mode !== 'off', priceOf }),
    configure(next) {
      const read = captureSettings(next)
      const mode = read.mode === configured.mode ? settings.mode : read.mode
      configured = read
      void use({ ...read, mode })
    },
    setMode: (mode) => atMost(answersWithinMs, use({ ...settings, mode }), clock),
    save: (exchange) => writer.save(exchange === null ? {} : { exchange }),
    saveForIssue: writer.saveForIssue,
    state: writer.state,
    close: writer.close,
  }
}

function atMost(ms: number, done: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(ms, resolve)
    void done.then(() => {
      timer.cancel()
      resolve()
    })
  })
}

function captureSettings(config: Config['wire_capture']): CaptureSettings {
  const { enabled, mode, output_dir, recent_mb, max_file_mb, max_total_mb, min_free_mb, sync } = config
  return {
    mode: enabled && mode === 'off' ? 'all' : mode,
    ...{ folder: output_dir, sync },
    recentBytes: recent_mb * 1e6,
    maxFileBytes: max_file_mb * 1e6,
    maxTotalBytes: max_total_mb * 1e6,
    minFreeBytes: min_free_mb * 1e6,
  }
}

function tell(log: Log, { level, message, ...about }: CaptureNotice): void {
  log[level](about, message)
}
