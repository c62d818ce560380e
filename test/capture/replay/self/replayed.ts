import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { stringify } from 'yaml'
import type { CompareLevel } from '../../../../src/capture/diff/difference.ts'
import type { ReplayedExchange } from '../../../../src/capture/replay/outcome.ts'
import { readRecording } from '../../../../src/capture/replay/recording.ts'
import { replaySelf } from '../../../../src/capture/replay/self/replay-self.ts'
import type { ExchangeView } from '../../../../src/capture/view/view.ts'
import type { CaptureEntry } from '../../../../src/capture/writer/entries.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import { replayProxyStarter } from '../../../../src/server/replay-proxy.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

export interface SelfReplay {
  /** None: no file. */
  config?: object
  level?: CompareLevel
  write?: (entry: CaptureEntry) => void
  signal?: AbortSignal
}

/** Replays what is in a folder of captures, in this process. */
export async function replayedHere(folder: string, settings: SelfReplay = {}): Promise<ReplayedExchange[]> {
  return replayedExchanges(await readRecording(folder), settings)
}

export async function replayedExchanges(
  exchanges: readonly ExchangeView[],
  settings: SelfReplay = {},
): Promise<ReplayedExchange[]> {
  const home = tempFolder()
  const env = { LLMPROXY_HOME: home }
  const configPath = join(home, 'config.yaml')
  if (settings.config) await writeFile(configPath, stringify(settings.config))
  const loaded = await loadConfig({
    ...{ env, cwd: home, implicit: false, knownHosts: null },
    configPath: settings.config && configPath,
  })
  const log: string[] = []
  const stderr = new Writable({
    write(chunk, _, done) {
      log.push(String(chunk))
      done()
    },
  })
  const found: ReplayedExchange[] = []
  const { level = 'semantic', signal = new AbortController().signal, write } = settings
  const replay = replaySelf({
    ...{ exchanges, level, signal },
    startProxy: replayProxyStarter({ loaded, env, stderr }),
    ...(write && { write }),
  })
  for await (const each of replay) found.push(each)
  if (log.length > 0) throw new Error(`the proxy told of faults: ${log.join('')}`)
  return found
}

/** What is not the same, in words that a failed test can show. */
export function notTheSame(replayed: readonly ReplayedExchange[]): string[] {
  return replayed.flatMap(({ recorded, outcome }) => {
    const where = `${recorded.id} ${recorded.protocol} ${recorded.requestedModel}`
    if (outcome.verdict === 'skipped' || outcome.verdict === 'failed')
      return [`${where}: ${outcome.verdict}, ${outcome.reason}`]
    return outcome.differences.map(
      ({ leg, path, before, after }) =>
        `${where}: ${leg} ${path} ${JSON.stringify(before)?.slice(0, 300)} → ${JSON.stringify(after)?.slice(0, 300)}`,
    )
  })
}
