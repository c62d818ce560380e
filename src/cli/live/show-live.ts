import { constants } from 'node:os'
import type { ChalkInstance } from 'chalk'
import { failureCode } from '../base-command.ts'
import { outputWidth } from '../table.ts'
import { openLiveScreen } from './live-screen.ts'
import { appendedLines, pictureLines, type SightSettings } from './sight-lines.ts'
import { type Sight, watch } from './watch.ts'

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Where and how a watch shows what it sees. */
export interface LiveOutput {
  everyMs: number
  /** JSON Lines: an answer or an error a line. */
  json: boolean
  chalk: ChalkInstance
  out: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
}

export interface LiveSettings<Seen> extends LiveOutput {
  ask: (signal: AbortSignal) => Promise<Seen>
  /** What was seen as it was answered, for JSON. */
  answerOf: (seen: Seen) => unknown
  print: SightSettings<Seen>['print']
}

/** Asks and shows again and again, until a signal, or a reader that has gone, ends it. */
export async function showLive<Seen>(settings: LiveSettings<Seen>): Promise<void> {
  const { ask, everyMs, out } = settings
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
    await watch({ ...{ ask, show: view.show, everyMs }, ...{ signal: stop.signal, nowMs: Date.now } })
  } finally {
    view.close()
    for (const signal of stopSignals) process.off(signal, onSignal)
    out.off('error', onError)
  }
}

interface View<Seen> {
  show(sight: Sight<Seen>): void
  close(): void
}

function viewOf<Seen>(live: LiveSettings<Seen>): View<Seen> {
  const { everyMs, json, chalk, out, env, print, answerOf } = live
  const settings = () => ({ width: outputWidth(out), chalk, print })
  const append = (lines: readonly string[]) => {
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`)
  }
  if (json) return { show: (sight) => append([JSON.stringify(jsonOf(sight, answerOf))]), close: () => {} }
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

function jsonOf<Seen>({ seen, away }: Sight<Seen>, answerOf: (seen: Seen) => unknown): unknown {
  if (away === null) return answerOf(seen)
  return { error: { code: failureCode(away.failure), message: away.failure.message } }
}
