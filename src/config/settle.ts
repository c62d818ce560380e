import { resolveFrom } from './interpolate.ts'
import type { Origin } from './origins.ts'
import type { ConfigPath } from './paths.ts'
import type { Config } from './schema.ts'

export interface WrittenWhere {
  /** The folder that a relative path at a key starts from. */
  folderOf(path: ConfigPath): string
  /** How far above the default a key's value was written: 0 default, 1 file, 2 variable, 3 flag. */
  rankOf(path: ConfigPath): number
}

/** The configuration with what follows from its keys: absolute paths, and one meaning for the capture's switches. */
export function settle(config: Config, where: WrittenWhere): Config {
  const { usage_tracking, wire_capture } = config
  const mode = captureMode(wire_capture, where)
  const ledger = usage_tracking.persistence_path
  const isUrl = /^[a-z+]+:\/\//i.test(ledger)
  const ledgerFolder = where.folderOf(['usage_tracking', 'persistence_path'])
  return {
    ...config,
    usage_tracking: {
      ...usage_tracking,
      persistence_path: isUrl ? ledger : resolveFrom(ledgerFolder, ledger),
    },
    wire_capture: {
      ...wire_capture,
      mode,
      enabled: mode !== 'off',
      output_dir: resolveFrom(where.folderOf(['wire_capture', 'output_dir']), wire_capture.output_dir),
    },
  }
}

/** `enabled` is `mode: all` or `off` where it stands above the mode; else a mode other than off is enabled, and says which. */
function captureMode({ enabled, mode }: Config['wire_capture'], { rankOf }: WrittenWhere) {
  const isAbove = rankOf(['wire_capture', 'enabled']) > rankOf(['wire_capture', 'mode'])
  if (enabled) return isAbove || mode === 'off' ? 'all' : mode
  return isAbove ? 'off' : mode
}

/** Lets a switch of the capture that followed from the other one have that one's origin. */
export function settleOrigins(parsed: Config, settled: Config, origins: Map<string, Origin>): void {
  const enabled = origins.get('wire_capture.enabled') ?? 'default'
  const mode = origins.get('wire_capture.mode') ?? 'default'
  if (parsed.wire_capture.mode !== settled.wire_capture.mode) origins.set('wire_capture.mode', enabled)
  if (parsed.wire_capture.enabled !== settled.wire_capture.enabled) origins.set('wire_capture.enabled', mode)
}
