import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { everything } from '../../../../src/usage/query/filter.ts'
import { openStore } from '../../../../src/usage/stores/index.ts'
import { addressOf } from '../../../../src/usage/stores/postgres/address.ts'
import { Connection } from '../../../../src/usage/stores/postgres/connection.ts'
import type { StoreError } from '../../../../src/usage/stores/store.ts'
import { asked, startPostgres, type TestPostgres } from '../../../support/postgres.ts'

const user = 'ledger_owner'
const password = 'planted-pass-word'
let postgres: TestPostgres
let url: string

beforeAll(async () => {
  postgres = await startPostgres()
  url = await postgres.database()
})
afterAll(() => postgres?.close())

const changed = (
  parts: Partial<Pick<URL, 'username' | 'password' | 'hostname' | 'port' | 'pathname' | 'search'>>,
) => Object.assign(new URL(url), parts).href
const connect = (to: string, statementMs = 5_000, setUp = () => Promise.resolve()) => {
  const connection = new Connection(addressOf(to), { statementMs, setUp })
  onTestFinished(() => connection.close())
  return connection
}
const faultOf = (asking: Promise<unknown>) =>
  asking.then(
    () => {
      throw new Error('it succeeded')
    },
    (error: StoreError) => error,
  )
const faultAt = (to: string) => faultOf(connect(to).ask((query) => query('SELECT 1')))
/** All that an error carries: what it says, its stack, its cause. */
const everyWord = (error: Error) =>
  `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`

function listening(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    onSocket(socket)
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(changed({ port: String(typeof address === 'object' && address ? address.port : 0) }))
    })
  })
}

it('says what is wrong where a database cannot be used, never with its user or password', async () => {
  const wrong = 'another-planted-word'
  const hangsUp = await listening((socket) => socket.destroy())
  const isNoDatabase = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const cases: [string, string, RegExp][] = [
    [changed({ password: wrong }), 'unreachable', /refuses the user and password/],
    [changed({ username: 'planted_nobody' }), 'unreachable', /refuses the user and password/],
    [changed({ password: '' }), 'unreachable', /refuses the user and password/],
    [changed({ pathname: '/not_there' }), 'unreachable', /is not there; create it/],
    [changed({ port: '1' }), 'unreachable', /cannot be reached.*ECONNREFUSED/],
    [changed({ hostname: 'nowhere.invalid' }), 'unreachable', /cannot be reached/],
    [changed({ search: 'sslmode=verify-full' }), 'unreachable', /cannot be reached.*SSL/],
    [changed({ search: 'options=-c%20no_such=1&password=sneaked-word' }), 'unreachable', /refuses/],
    [hangsUp, 'unreachable', /cannot be reached/],
    [isNoDatabase, 'failed', /./],
  ]
  for (const [to, code, says] of cases) {
    const error = await faultAt(to)
    expect(error.name, to).toBe('StoreError')
    if (to !== isNoDatabase) expect(error, to).toMatchObject({ code, message: expect.stringMatching(says) })
    expect(error.message, to).toContain('postgres://')
    const words = everyWord(error)
    for (const secret of [user, password, wrong, 'planted_nobody', 'sneaked-word']) {
      expect(words, to).not.toContain(secret)
    }
  }
})

it('redacts what the database itself says of a user or a password', async () => {
  const connection = connect(url)
  for (const text of [user, password, `role "${user}" with ${password}`]) {
    const error = await faultOf(
      connection.ask((query) =>
        query(`DO $$ BEGIN RAISE EXCEPTION '%', '${text.replaceAll("'", "''")}'; END $$`),
      ),
    )
    expect(everyWord(error)).not.toMatch(new RegExp(`${user}|${password}`))
    expect(error.message).toContain('‹…›')
  }
})

it('refuses a URL whose password could be taken for a host, without repeating it', () => {
  for (const path of [
    'postgres://me:pa/ss@db.example/usage',
    'postgres://me:pa#ss@db.example/usage',
    'postgres://me:1?ss@db.example/usage',
    'postgres://me:pass@db.example:port/usage',
  ]) {
    let error = new Error('it was taken')
    try {
      openStore(path, {
        ...{ readOnly: false, machine: '', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
      })
    } catch (thrown) {
      error = thrown as Error
    }
    expect(error.message).toMatch(/percent-encode/)
    expect(everyWord(error)).not.toMatch(/me:|ss@|db\.example/)
  }
})

it('ends a statement that takes too long, and uses the connection on', async () => {
  const connection = connect(url, 200)
  const error = await faultOf(connection.ask((query) => query('SELECT pg_sleep(30)')))
  expect(error).toMatchObject({ code: 'busy', message: expect.stringMatching(/takes too long/) })
  const { rows } = await connection.ask((query) => query('SELECT 1 AS one'))
  expect(rows).toEqual([{ one: 1 }])
})

it('says that another holds the ledger where a lock is waited for in vain', async () => {
  const [one, two] = [connect(url), connect(url)]
  await one.ask((query) => query('CREATE TABLE locked (n int)'))
  const error = await one.transaction(async (query) => {
    await query('LOCK TABLE locked')
    return await faultOf(two.transaction((other) => other('LOCK TABLE locked NOWAIT')))
  })
  expect(error).toMatchObject({ code: 'busy', message: expect.stringMatching(/another program holds/) })
})

it('says of a database that can only be read, and of a user who may not write, that it cannot be written', async () => {
  await asked(url, "CREATE ROLE reader LOGIN PASSWORD 'x'")
  const store = openStore(changed({ username: 'reader', password: 'x' }), {
    ...{ readOnly: false, machine: '', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  await expect(store.prepare()).rejects.toMatchObject({ code: 'read_only' })
  await store.close()
  const error = await faultOf(
    connect(url).ask(async (query) => {
      await query('SET default_transaction_read_only = on')
      await query('CREATE TABLE refused (n int)')
    }),
  )
  expect(error).toMatchObject({ code: 'read_only', message: expect.stringMatching(/can only be read/) })
})

it('connects anew after the server hung up, and does a transaction whole or not at all', async () => {
  const connection = connect(url)
  await connection.ask((query) => query('CREATE TABLE whole (n int)'))
  await faultOf(
    connection.transaction(async (query) => {
      await query('INSERT INTO whole VALUES (1)')
      await query('SELECT pg_terminate_backend(pg_backend_pid())')
    }),
  )
  await faultOf(
    connection.transaction(async (query) => {
      await query('INSERT INTO whole VALUES (2)')
      await query('SELECT 1 / 0')
    }),
  )
  await connection.transaction((query) => query('INSERT INTO whole VALUES (3)'))
  expect(await asked(url, 'SELECT n FROM whole')).toEqual([{ n: 3 }])
})

it('takes nothing from variables of the environment that only the driver knows', async () => {
  const before = { ...process.env }
  Object.assign(process.env, { PGPASSWORD: password, PGHOST: '127.0.0.1', PGDATABASE: 'elsewhere' })
  onTestFinished(() => {
    for (const name of ['PGPASSWORD', 'PGHOST', 'PGDATABASE']) delete process.env[name]
    Object.assign(process.env, before)
  })
  const store = openStore(changed({ password: '' }), {
    ...{ readOnly: true, machine: '', mostRecords: 1, flushIntervalMs: 1, onNotice: () => {} },
  })
  const refused = { message: expect.stringMatching(/refuses the user and password/) }
  await expect(store.count(everything, 1)).rejects.toMatchObject(refused)
  await expect(store.prepare()).rejects.toMatchObject(refused)
  await store.close()
})

it('gives up on a server that takes the connection and says nothing', async () => {
  const error = await faultAt(await listening(() => {}))
  expect(error).toMatchObject({ code: 'unreachable', message: expect.stringMatching(/timeout expired/) })
})
