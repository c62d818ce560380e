import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import type { Client } from '../cli/clients/client.ts'
import { clients } from '../cli/clients/index.ts'
import { pastOutboundLines } from '../cli/clients/outbound-proxies.ts'
import { describeConnection, undoConnection, writeConnection } from '../cli/connect/connect-client.ts'
import { connectTo } from '../cli/connect/connection.ts'
import { listClients, listColumns } from '../cli/connect/list.ts'
import { exitCodes } from '../cli/exit-codes.ts'
import { Failure } from '../cli/failure.ts'
import { probeProxy } from '../cli/probe-proxy.ts'
import { outputWidth, renderTable } from '../cli/table.ts'

type Found = Awaited<ReturnType<typeof connectTo>>

export default class Connect extends BaseCommand {
  static override summary = 'Show or set what an AI client needs to go through the proxy'
  static override description =
    'Prints the lines that send a client through the proxy; alone it lists the clients. Your login stays the ' +
    "client's own. --write sets it in the client's settings instead, and --undo takes that back."
  static override examples = [
    'eval "$(<%= config.bin %> connect claude)" && claude',
    '<%= config.bin %> connect codex --write',
    '<%= config.bin %> connect codex --undo',
    '<%= config.bin %> connect',
  ]
  static override args = {
    client: Args.string({ description: 'which client', options: clients.map(({ name }) => name) }),
  }
  static override flags = {
    write: Flags.boolean({
      summary: "set it in the client's settings, keeping a copy",
    }),
    undo: Flags.boolean({ summary: 'restore what --write changed', exclusive: ['write'] }),
    url: Flags.string({ summary: 'where the proxy is', helpValue: 'URL' }),
    'api-key': Flags.string({ summary: "the proxy's access key", helpValue: 'KEY' }),
  }

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Connect)
    const found = await connectTo(flags.url, flags['api-key'], process.env)
    const client = clients.find(({ name }) => name === args.client)
    if (client === undefined) {
      if (flags.write || flags.undo) throw new Failure('which client?', exitCodes.usage, ['llmproxy connect'])
      return await this.#list(found)
    }
    if (flags.undo) return await this.#undo(client, found)
    return flags.write ? await this.#write(client, found) : await this.#show(client, found)
  }

  async #list({ connection, machine }: Found) {
    const listed = await listClients(clients, connection, machine)
    this.log(renderTable(listed, listColumns, outputWidth(process.stdout)))
    this.say('connect one: llmproxy connect CLIENT · or start it through the proxy: llmproxy run CLIENT')
    return { url: connection.url, clients: listed }
  }

  async #undo(client: Client, { connection, machine, home }: Found) {
    const undone = await undoConnection(client, connection, machine, home)
    this.log(
      undone.whole
        ? `${undone.file} is as it was`
        : `${undone.file}: our values are gone, what changed since stays`,
    )
    return undone
  }

  async #write(client: Client, { connection, machine, home }: Found) {
    const { notes } = describeConnection(client, connection, machine)
    const written = await writeConnection(client, connection, machine, home)
    this.log(`${written.file} now sends ${client.title} to ${connection.url}`)
    if (written.copy !== null) this.say(`copy: ${written.copy}`)
    this.say(`undo: llmproxy connect ${client.name} --undo`)
    for (const note of notes) this.say(`# ${note}`)
    const past = pastOutboundLines(machine.env, connection.url)
    if (past.length > 0) this.say('calls leave through an HTTP proxy here; for those to this machine:')
    for (const line of past) this.say(`  ${line}`)
    return written
  }

  async #show(client: Client, { connection, machine }: Found) {
    const described = describeConnection(client, connection, machine)
    for (const line of described.lines) this.log(line)
    if ((await probeProxy(connection.url)).kind === 'nothing') {
      this.say(`# nothing answers at ${connection.url} yet: start it with llmproxy serve`)
    }
    if (described.unmeasured !== null) this.say(`# ${described.unmeasured}`)
    for (const note of described.notes) this.say(`# ${note}`)
    return described
  }
}
