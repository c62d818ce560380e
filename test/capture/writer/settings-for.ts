import type { CaptureSettings } from '../../../src/capture/writer/settings.ts'

const megabyte = 1e6

export function settingsFor(folder: string, changes: Partial<CaptureSettings> = {}): CaptureSettings {
  return {
    ...{ mode: 'all', folder, recentBytes: 16 * megabyte, maxFileBytes: 64 * megabyte, sync: 'none' },
    ...{ maxTotalBytes: 1_000 * megabyte, minFreeBytes: 0, ...changes },
  }
}
