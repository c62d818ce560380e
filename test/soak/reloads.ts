import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { stringify } from 'yaml'

export interface Reloads {
  /** How many signals were sent. */
  readonly asked: number
  stop(): Promise<void>
}

/** Writes another configuration now and then, and asks the proxy to take it. */
export function startReloads(
  pid: number,
  { file, everyMs, configOf }: { file: string; everyMs: number; configOf: (isOther: boolean) => object },
): Reloads {
  const ending = new AbortController()
  const { signal } = ending
  let asked = 0
  const reloading = (async () => {
    for (;;) {
      await pause(everyMs, undefined, { signal })
      writeFileSync(file, stringify(configOf(asked % 2 === 0)))
      process.kill(pid, 'SIGHUP')
      asked++
    }
  })().catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  return {
    get asked() {
      return asked
    },
    async stop() {
      ending.abort()
      await reloading
    },
  }
}
