import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { UsageRecord } from '../../src/usage/record/record.ts'

export interface WriterTask {
  path: string
  /** Stands in every record as its user agent. */
  name: string
  records: number
  /** 0: as fast as the store takes them. */
  perMs: number
  /** Their timestamps are drawn from it; null: they are of the time of their writing. */
  between: readonly [fromMs: number, untilMs: number] | null
}

export interface WriterEnd {
  /** Of all it wrote, by `essence`, in the order of their ids. */
  hash: string
  dropped: number
  /** How often the store did not take a batch at the first try. */
  troubles: number
  tookMs: number
}

export interface LedgerWriter {
  /** Begins to write; rejects when the process ends before it has written all. */
  go(): Promise<WriterEnd>
}

/** What two copies of a record must agree in, as text. */
export function essence({
  id,
  timestamp,
  user_agent,
  turn_number,
  cost_usd,
  attempt_log,
}: UsageRecord): string {
  return JSON.stringify([id, timestamp, user_agent, turn_number, cost_usd, attempt_log.length])
}

/** Starts a process that writes records through a ledger of its own; ready to go when it resolves. */
export async function startLedgerWriter(task: WriterTask): Promise<LedgerWriter> {
  const child = fork(fileURLToPath(new URL('./ledger-writer-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env.PATH },
  })
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${task.name} ended with ${code}`)),
  )
  died.catch(() => {})
  const message = async () => (await Promise.race([once(child, 'message'), died]))[0]
  child.send(task)
  await message()
  return {
    async go() {
      child.send('go')
      const end = (await message()) as WriterEnd
      child.disconnect()
      return end
    },
  }
}
