import { claude } from '../clients/claude.ts'
import type { Connection, Machine } from '../clients/client.ts'
import { codex } from '../clients/codex.ts'
import { openai } from '../clients/openai.ts'

/** One line a client: an Anthropic, an OpenAI and a Codex one cover what most people run. */
export function connectLines(
  connection: Connection,
  machine: Machine,
): { name: string; title: string; line: string }[] {
  return [claude, codex, openai].flatMap((client) => {
    if (client.login(machine).unmeasured !== null) return []
    return [{ name: client.name, title: client.title, line: client.lines(connection, machine).join('; ') }]
  })
}
