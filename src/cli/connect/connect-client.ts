import { join } from 'node:path'
import type { Client, Connection, Machine, SettingsTarget } from '../clients/client.ts'
import { pastOutboundLines } from '../clients/outbound-proxies.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { restoreSettings, writeSettings } from '../settings/settings-file.ts'

/** What one client needs; the field names are those of `--json`. */
export interface ClientConnection {
  client: string
  url: string
  login: string
  unmeasured: string | null
  lines: string[]
  notes: string[]
  settings_file: string | null
}

/** What `connect CLIENT` prints. */
export function describeConnection(
  client: Client,
  connection: Connection,
  machine: Machine,
): ClientConnection {
  const { words, unmeasured } = client.login(machine)
  return {
    client: client.name,
    url: connection.url,
    login: words,
    unmeasured,
    lines:
      unmeasured === null
        ? [...pastOutboundLines(machine.env, connection.url), ...client.lines(connection, machine)]
        : [],
    notes: unmeasured === null ? client.notes(connection, machine) : [],
    settings_file: client.settings?.(connection, machine).file ?? null,
  }
}

/** Sets it in the client's settings. `copy`: where the file as it was is kept; null when there was none. */
export async function writeConnection(
  client: Client,
  connection: Connection,
  machine: Machine,
  home: string,
): Promise<{ file: string; copy: string | null }> {
  const target = settingsOf(client, connection, machine)
  const { unmeasured } = client.login(machine)
  if (unmeasured !== null) throw new Failure(unmeasured, exitCodes.notDone)
  const copy = await writeSettings(
    target.file,
    await target.format(),
    target.edits,
    receiptFile(client, home),
  )
  return { file: target.file, copy }
}

/** Takes `writeConnection` back. */
export async function undoConnection(
  client: Client,
  connection: Connection,
  machine: Machine,
  home: string,
): Promise<{ file: string; whole: boolean }> {
  const target = settingsOf(client, connection, machine)
  const restored = await restoreSettings(await target.format(), receiptFile(client, home))
  if (restored !== undefined) return restored
  throw new Failure(`nothing to undo: ${target.file} was not written by connect`, exitCodes.notDone)
}

function settingsOf(client: Client, connection: Connection, machine: Machine): SettingsTarget {
  const target = client.settings?.(connection, machine)
  if (target !== undefined) return target
  throw new Failure(
    `the ${client.title} has no settings file: it reads its environment only`,
    exitCodes.usage,
    [`llmproxy connect ${client.name}   (prints the lines for your shell's start file)`],
  )
}

function receiptFile(client: Client, home: string): string {
  return join(home, 'connect', `${client.name}.json`)
}
