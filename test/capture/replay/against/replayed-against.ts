import { type AgainstSettings, replayAgainst } from '../../../../src/capture/replay/against/replay-against.ts'
import type { ReplayedExchange } from '../../../../src/capture/replay/outcome.ts'
import type { ExchangeView } from '../../../../src/capture/view/view.ts'
import { systemClock } from '../../../../src/core/clock.ts'
import { exchangeIds } from '../../../../src/core/rising-ids.ts'

/** Replays these against a proxy, as fast as it goes unless it is said otherwise. */
export async function replayedAgainst(
  url: string,
  exchanges: readonly ExchangeView[],
  settings: Partial<AgainstSettings> = {},
): Promise<ReplayedExchange[]> {
  const found: ReplayedExchange[] = []
  const replay = replayAgainst({
    ...{ exchanges, url, level: 'semantic', accessKey: null, speed: null, concurrency: 8 },
    ...{ clock: systemClock, nextId: exchangeIds(Date.now), signal: new AbortController().signal },
    ...settings,
  })
  for await (const each of replay) found.push(each)
  return found
}

/** What came of each, in words that a failed test can show. */
export function wordsOf(replayed: readonly ReplayedExchange[]): string[] {
  return replayed.map(({ outcome }) => {
    if (outcome.verdict === 'skipped' || outcome.verdict === 'failed')
      return `${outcome.verdict}: ${outcome.reason}`
    return [outcome.verdict, ...outcome.differences.map(({ path }) => path)].join(' ')
  })
}
