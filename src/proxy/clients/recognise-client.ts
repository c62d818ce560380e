import { type HeaderPairs, headerValue } from '../../core/http.ts'
import { type KnownClient, knownClients } from './known-clients.ts'

/** What of a request says who sent it. */
export interface ClientTraces {
  userAgent: string | null
  headers: HeaderPairs
  toolNames: readonly string[]
  /** The beginning of the system prompt. */
  systemStart: string
}

const agents = knownClients.filter(({ kind }) => kind === 'agent')
const sdks = knownClients.filter(({ kind }) => kind === 'sdk')
const shortNames = new Map(knownClients.map(({ name, shortName }) => [name, shortName]))

/**
 * The name of the client program (`client_app`), or null. What a client says of itself in headers counts
 * before its prompt: some agents carry another's system prompt.
 */
export function recogniseClient(traces: ClientTraces): string | null {
  const client =
    agents.find((agent) => showsInHeaders(agent, traces)) ??
    agents.find((agent) => showsInBody(agent, traces)) ??
    sdks.find((sdk) => showsInHeaders(sdk, traces))
  return client?.name ?? null
}

/** The client's name as the line per exchange has it. */
export function clientShortName(name: string): string {
  return shortNames.get(name) ?? name
}

function showsInHeaders(client: KnownClient, { userAgent, headers }: ClientTraces): boolean {
  if (userAgent !== null && client.userAgent?.test(userAgent)) return true
  for (const name in client.headers) {
    const value = headerValue(headers, name)
    if (value !== undefined && client.headers[name]?.test(value)) return true
  }
  return false
}

function showsInBody(client: KnownClient, { systemStart, toolNames }: ClientTraces): boolean {
  if (client.systemStart?.test(systemStart)) return true
  return client.tools?.every((tool) => toolNames.includes(tool)) ?? false
}
