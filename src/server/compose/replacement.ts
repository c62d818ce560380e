import { ConfigFaults } from '../../config/faults.ts'
import type { LoadedConfig } from '../../config/load.ts'
import type { Backend } from '../../core/backend.ts'
import type { Clock } from '../../core/clock.ts'
import type { DecideReplacement } from '../../proxy/replacing/ports.ts'
import { effectiveness } from '../../replacement/effectiveness/index.ts'
import { Replacement, type ReplacementSettings } from '../../replacement/replacement.ts'
import { readRule } from '../../replacement/rule.ts'
import { createBackendNames } from '../../routing/backend-names.ts'
import { unknownName } from '../../routing/selector.ts'
import type { UsageApi } from '../../usage/api.ts'
import type { Events } from '../events.ts'
import type { ReplacementRoutesParts } from '../routes/replacement-routes.ts'
import { remembered } from './remembered.ts'

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
  /** Null: usage tracking is off. */
  usage: () => Pick<UsageApi, 'compared'> | null
}

/** Replacement as the running proxy has it. */
export interface RunningReplacement {
  decide: DecideReplacement
  configure(settings: ReplacementSettings): void
  routes: Pick<ReplacementRoutesParts, 'metrics' | 'resetMetrics' | 'optOut' | 'optIn'>
}

export function startReplacement({ settings, clock, events, usage }: ReplacementSources): RunningReplacement {
  const replacement = new Replacement({
    ...{ settings, clock },
    onEvent: (event) => events.tell('replacement', event),
  })
  const effectivenessOf = remembered(clock, async (query: URLSearchParams, only: string | null) => {
    const api = usage()
    return api === null ? null : await effectiveness(await api.compared(query, only))
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
    routes: {
      metrics,
      resetMetrics: () => replacement.resetCounters(),
      optOut: (sessionId, user) => replacement.optOuts.add(sessionId, user),
      optIn: (sessionId, user) => replacement.optOuts.remove(sessionId, user),
    },
  }
}
