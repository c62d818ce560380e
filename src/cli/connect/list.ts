import type { Client, Connection, Machine } from '../clients/client.ts'
import type { Column } from '../table.ts'
import { isInstalled } from './machine.ts'

/** A client as `connect` lists it; the field names are those of `--json`. */
export interface ListedClient {
  name: string
  title: string
  /** null: a package, which no PATH has. */
  installed: boolean | null
  login: string
  /** Why nothing of it can be measured; null when it can. */
  unmeasured: string | null
  /** Whether its settings file sends it to this address. */
  connected: boolean
}

export async function listClients(
  clients: readonly Client[],
  connection: Connection,
  machine: Machine,
): Promise<ListedClient[]> {
  return await Promise.all(
    clients.map(async (client) => {
      const { words, unmeasured } = client.login(machine)
      return {
        name: client.name,
        title: client.title,
        installed: client.command === null ? null : isInstalled(client.command, machine.env),
        login: words,
        unmeasured,
        connected: await isConnected(client, connection, machine),
      }
    }),
  )
}

export const listColumns: readonly Column<ListedClient>[] = [
  { title: 'CLIENT', value: ({ name }) => name },
  { title: 'INSTALLED', value: ({ installed }) => (installed === null ? '—' : installed ? 'yes' : 'no') },
  { title: 'CONNECTED', value: ({ connected }) => (connected ? 'yes' : '—') },
  {
    title: 'LOGIN',
    value: ({ login, unmeasured }) => (unmeasured === null ? login : `${login} (cannot be measured)`),
    dropOrder: 1,
  },
]

/** The first value of a client's settings is its address, or (Codex) what leads to it. */
async function isConnected(client: Client, connection: Connection, machine: Machine): Promise<boolean> {
  const target = client.settings?.(connection, machine)
  const first = target?.edits[0]
  const text = target === undefined ? null : machine.readText(target.file)
  if (target === undefined || first === undefined || text === null) return false
  try {
    const format = await target.format()
    return format.get(text, first.path) === first.value
  } catch {
    return false // not readable: then it was not written by us
  }
}
