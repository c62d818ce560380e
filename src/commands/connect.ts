import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { clients } from '../cli/clients/index.ts'
import { describeConnection, undoConnection, writeConnection } from '../cli/connect/connect-client.ts'
import { connectTo } from '../cli/connect/connection.ts'
import { listClients, listColumns } from '../cli/connect/list.ts'
import { exitCodes } from '../cli/exit-codes.ts'
import { Failure } from '../cli/failure.ts'
import { probeProxy } from '../cli/probe-proxy.ts'
import { outputWidth, renderTable } from '../cli/table.ts'

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
    const { connection, machine, home } = await connectTo(flags.url, flags['api-key'], process.env)
    const client = clients.find(({ name }) => name === args.client)
    if (client === undefined) {
      if (flags.write || flags.undo) throw new Failure('which client?', exitCodes.usage, ['llmproxy connect'])
      const listed = await listClients(clients, connection, machine)
      this.log(renderTable(listed, listColumns, outputWidth(process.stdout)))
      return { url: connection.url, clients: listed }
    }
    if (flags.undo) {
      const undone = await undoConnection(client, connection, machine, home)
      this.log(
        undone.whole
          ? `${undone.file} is as it was`
          : `${undone.file}: our values are gone, what changed since stays`,
      )
      return undone
    }
    if (flags.write) {
      const written = await writeConnection(client, connection, machine, home)
      this.log(`${written.file} now sends ${client.title} to ${connection.url}`)
      this.say(
        `${written.copy === null ? '' : `copy: ${written.copy}\n`}undo: llmproxy connect ${client.name} --undo`,
      )
      return written
    }
    const described = describeConnection(client, connection, machine)
    for (const line of described.lines) this.log(line)
    if ((await probeProxy(connection.url)).kind === 'nothing') {
      this.say(`# nothing answers at ${connection.url} yet: start it with llmproxy serve`)
    }
    for (const note of [described.unmeasured ?? [], ...described.notes].flat()) this.say(`# ${note}`)
    return described
  }
}
