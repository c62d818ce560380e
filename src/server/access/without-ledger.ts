import { ConfigFaults } from '../../config/faults.ts'
import type { LoadedConfig } from '../../config/load.ts'
import { hasDailyLimit } from './day-budget.ts'

/** A reload may turn the ledger on in the file, but not in a process that was started without one. */
export function refuseLimitsWithoutLedger(loaded: LoadedConfig): void {
  const faults = loaded.config.auth.api_keys.flatMap((key, i) =>
    hasDailyLimit(key)
      ? [
          loaded.faultAt(
            ['auth', 'api_keys', i, 'usd_per_day'],
            'cannot be kept: this proxy was started without a ledger; start it anew, with usage_tracking.enabled: true',
          ),
        ]
      : [],
  )
  if (faults.length > 0) throw new ConfigFaults(faults)
}
