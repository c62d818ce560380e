import { onTestFinished } from 'vitest'
import { createCaptureWriter } from '../../../src/capture/writer/capture-writer.ts'
import type { CaptureWriterOptions } from '../../../src/capture/writer/options.ts'
import type { CaptureNotice, CaptureSettings } from '../../../src/capture/writer/settings.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { startInProcess } from './in-process-thread.ts'

/** A writer that is closed when the test ends, and what it said. Its thread is this one, unless `start` is given. */
export function aWriter(
  settings: CaptureSettings,
  options: Partial<Omit<CaptureWriterOptions, 'settings' | 'onNotice'>> = {},
) {
  const notices: CaptureNotice[] = []
  const told = new Map<CaptureNotice['code'], () => void>()
  const writer = createCaptureWriter({
    ...{
      settings,
      clock: systemClock,
      runKey: Buffer.from('of this test'),
      version: '9.9.9',
      start: startInProcess,
      ...options,
    },
    onNotice(notice) {
      notices.push(notice)
      told.get(notice.code)?.()
    },
  })
  onTestFinished(() => writer.close())
  /** Resolves with the next notice of the kind. */
  const next = (code: CaptureNotice['code']) => new Promise<void>((resolve) => told.set(code, resolve))
  return { writer, notices, next }
}
