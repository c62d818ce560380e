import { join } from 'node:path'
import { ConfigFaults } from '../../config/faults.ts'
import type { LoadedConfig } from '../../config/load.ts'
import type { Backend } from '../../core/backend.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../logs/log.ts'
import type { DecideReplacement } from '../../proxy/replacing/ports.ts'
import { effectiveness } from '../../replacement/effectiveness/index.ts'
import { Replacement, type ReplacementSettings } from '../../replacement/replacement.ts'
import { readRule } from '../../replacement/rule.ts'
import { SharedOptOuts } from '../../replacement/shared-opt-outs.ts'
import { createBackendNames } from '../../routing/backend-names.ts'
import { unknownName } from '../../routing/selector.ts'
import type { Events } from '../events.ts'
import type { ReplacementRoutesParts } from '../routes/replacement-routes.ts'
import type { RunningLedger } from './ledger.ts'
import { remembered } from './remembered.ts'
import { waitingOptOuts } from './waiting-opt-outs.ts'

/** What a configuration says of replacement. Throws ConfigFaults for a rule that leads nowhere. */
export function replacementSettings(loaded: LoadedConfig, backends: readonly Backend[]): ReplacementSettings {
  const { enabled, probability, turn_count, replacement_rules, allow_first_turn, seed } =
    loaded.config.replacement
  const names = createBackendNames(backends)
  const faults = replacement_rules.flatMap(({ to_backend }, i) => {
    if (!enabled || names.isKnown(to_backend)) return []
    const path = ['replacement', 'replacement_rules', i, 'to_backend']
    return [loaded.faultAt(path, unknownName(to_backend, names.all))]
  })
  if (enabled && replacement_rules.length === 0) {
    const message =
      'is on without a rule; add one to replacement_rules, or --random-model-replacement-from-to'
    faults.push(loaded.faultAt(['replacement', 'enabled'], message))
  }
  if (faults.length > 0) throw new ConfigFaults(faults)
  return {
    ...{ enabled, probability, seed, turnCount: turn_count, allowFirstTurn: allow_first_turn },
    rules: replacement_rules.map((rule) => readRule(rule, names.isKnown)),
  }
}

export interface ReplacementSources {
  settings: ReplacementSettings
  clock: Clock
  events: Events
  log: Log
  /** Of the program's data. */
  home: string
  /** Effectiveness is reckoned from it, and it keeps opt-outs for all proxies; null: usage tracking is off. */
  ledger: Pick<RunningLedger, 'api' | 'exchangeOptOuts'> | null
}

/** Replacement as the running proxy has it. */
export interface RunningReplacement {
  decide: DecideReplacement
  configure(settings: ReplacementSettings): void
  /** When opt-outs of before are known, or cannot be had yet. */
  start(): Promise<void>
  /** While the store is still open. */
  stop(): Promise<void>
  routes: Pick<ReplacementRoutesParts, 'metrics' | 'resetMetrics' | 'optOut' | 'optIn'>
}

export function startReplacement(sources: ReplacementSources): RunningReplacement {
  const { settings, clock, events, log, home, ledger } = sources
  const replacement = new Replacement({
    ...{ settings, clock },
    onEvent: (event) => events.tell('replacement', event),
    onOptOut: (change) => shared?.changed(change),
  })
  const shared =
    ledger &&
    new SharedOptOuts({
      ...{ clock, optOuts: replacement.optOuts, exchange: ledger.exchangeOptOuts },
      waiting: waitingOptOuts(join(home, 'opt-outs'), (error) =>
        log.warn({ err: error }, 'opt-outs cannot be kept on disk until the ledger has them'),
      ),
      isNeeded: () => replacement.settings.enabled,
    })
  const effectivenessOf = remembered(clock, async (query: URLSearchParams, only: string | null) => {
    return ledger && (await effectiveness(await ledger.api.compared(query, only)))
  })

  async function metrics(query: URLSearchParams, only: string | null): Promise<object> {
    const { enabled, probability, turnCount, rules } = replacement.settings
    const found = await effectivenessOf(query, only)
    return {
      ...{ enabled, probability, turn_count: turnCount },
      rules: rules.map(({ from, to }) => ({
        ...{ from_pattern: from, to_backend: to.backend, to_model: to.model },
      })),
      ...replacement.counters(),
      effectiveness: found,
      ...(found === null && {
        effectiveness_reason: 'usage tracking is off, and it is reckoned from the ledger',
      }),
    }
  }

  return {
    decide: (request, isUsable) => replacement.decide(request, isUsable),
    configure: (next) => replacement.configure(next),
    start: async () => await shared?.start(),
    stop: async () => await shared?.stop(),
    routes: {
      metrics,
      resetMetrics: () => replacement.resetCounters(),
      optOut: (sessionId, user) => replacement.optOuts.add(sessionId, user),
      optIn: (sessionId, user) => replacement.optOuts.remove(sessionId, user),
    },
  }
}
