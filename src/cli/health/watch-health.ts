import { constants } from 'node:os'
import type { ChalkInstance } from 'chalk'
import type { ApiClient } from '../api-client.ts'
import { failureCode } from '../base-command.ts'
import { outputWidth } from '../table.ts'
import { type AskedHealth, askHealth } from './ask-health.ts'
import { openLiveScreen } from './live-screen.ts'
import { appendedLines, pictureLines } from './sight-lines.ts'
import { type Sight, watch } from './watch.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface WatchHealthSettings {
  client: ApiClient
  everyMs: number
  /** JSON Lines: an answer or an error a line. */
  json: boolean
  chalk: ChalkInstance
  out: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}

/** Shows the health until a signal, or a reader that has gone, ends it. */
export async function watchHealth(settings: WatchHealthSettings): Promise<void> {
  const { client, everyMs, out } = settings
  const stop = new AbortController()
  const onSignal = (signal: NodeJS.Signals) => {
    process.exitCode = 128 + constants.signals[signal]
    stop.abort()
  }
  // `| head` has seen enough.
  const onError = () => stop.abort()
  for (const signal of stopSignals) process.on(signal, onSignal)
  out.on('error', onError)
  const view = viewOf(settings)
  try {
    await watch({
      ...{ ask: (signal) => askHealth(client, signal), show: view.show, everyMs },
      ...{ signal: stop.signal, nowMs: Date.now },
    })
  } finally {
    view.close()
    for (const signal of stopSignals) process.off(signal, onSignal)
    out.off('error', onError)
  }
}

interface View {
  show(sight: Sight<AskedHealth>): void
  close(): void
}

function viewOf({ client, everyMs, json, chalk, out, env }: WatchHealthSettings): View {
  const settings = () => ({ url: client.url, width: outputWidth(out), chalk })
  const append = (lines: readonly string[]) => {
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`)
  }
  if (json) return { show: (sight) => append([JSON.stringify(jsonOf(sight))]), close: () => {} }
  if (out.isTTY !== true || env.TERM === 'dumb') {
    return { show: (sight) => append(appendedLines(sight, settings())), close: () => {} }
  }
  // Opened with the first picture: a first question that fails is told on the screen as it was.
  let screen: ReturnType<typeof openLiveScreen> | null = null
  return {
    show(sight) {
      screen ??= openLiveScreen(out)
      screen.draw(() => pictureLines(sight, everyMs, settings()))
    },
    close: () => screen?.close(),
  }
}

function jsonOf({ seen, away }: Sight<AskedHealth>): unknown {
  if (away === null) return seen.answer
  return { error: { code: failureCode(away.failure), message: away.failure.message } }
}
