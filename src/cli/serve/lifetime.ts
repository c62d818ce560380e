/** The part of `process` that a serving command listens to; tests hand in an emitter. */
export interface Signals {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown
}

export interface Lifetime {
  signals: Signals
  /** Stops accepting and drains. */
  close: () => Promise<void>
  reload: () => Promise<void>
  graceSeconds: () => number
  say: (line: string) => void
  nowMs: () => number
  /**
   * A repeated signal within this time is the same one: npm passes on what the terminal has already sent to
   * the whole process group.
   */
  sameSignalMs: number
  /** Whether the terminal that this was started from has been closed; asked on SIGHUP, which then means that. */
  terminalGone: () => boolean
}

const ending = ['SIGINT', 'SIGTERM'] as const

/**
 * Resolves with the exit code once the proxy has ended: 0 after the first SIGINT or SIGTERM and a drain,
 * 130 or 143 at once on the second. SIGHUP reloads, unless it says that the terminal was closed.
 */
export function untilEnded(life: Lifetime): Promise<number> {
  const { signals } = life
  return new Promise((resolve, reject) => {
    let firstAtMs: number | undefined
    const onEnd = (signal: NodeJS.Signals) => {
      if (firstAtMs === undefined) {
        firstAtMs = life.nowMs()
        life.say(
          `${signal}: no new requests; waiting up to ${life.graceSeconds()} s for running answers (once more ends at once)`,
        )
        life.close().then(() => end(0), reject)
      } else if (life.nowMs() - firstAtMs >= life.sameSignalMs) {
        life.say(`${signal}: ended at once`)
        end(signal === 'SIGINT' ? 130 : 143)
      }
    }
    const onHangUp = () => {
      if (life.terminalGone()) onEnd('SIGTERM')
      // The running configuration stays when this fails.
      else life.reload().catch((error: unknown) => life.say(`reload failed: ${error}`))
    }
    const end = (exitCode: number) => {
      for (const signal of ending) signals.off(signal, onEnd)
      signals.off('SIGHUP', onHangUp)
      resolve(exitCode)
    }
    for (const signal of ending) signals.on(signal, onEnd)
    signals.on('SIGHUP', onHangUp)
  })
}
