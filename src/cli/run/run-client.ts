import { basename } from 'node:path'
import { nearest } from '../../core/nearest.ts'
import type { ApiClient } from '../api-client.ts'
import { accessKeyVariable, type Client, type Launch, type Machine, startHeaders } from '../clients/client.ts'
import { clients } from '../clients/index.ts'
import { pastOutboundProxies } from '../clients/outbound-proxies.ts'
import { isInstalled } from '../connect/machine.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Signals } from '../serve/lifetime.ts'
import { anyCommandEnv } from './any-command.ts'
import { runChild } from './child.ts'
import { closingLines, type RunEnd } from './closing-text.ts'
import { askStats, exchangeIdsOf, orUnknown, settledStats } from './figures.ts'
import { watchIssues } from './issue-watch.ts'
import { PrivateFiles } from './private-files.ts'
import { type ProxySources, proxyForRun } from './proxy-for-run.ts'
import { startRelay } from './relay.ts'
import { runTags } from './tags.ts'

export interface RunParts extends ProxySources {
  command: string
  args: readonly string[]
  cwd: string
  machine: Machine
  signals: Signals
  /** Whether ^C comes from a terminal, and so reaches the client by itself. */
  isTerminal: boolean
  /** Writes a line to stderr. */
  say: (line: string) => void
}

/** Runs a client through the proxy until it ends; its exit code. Throws what kept it from starting. */
export async function runClient(parts: RunParts): Promise<number> {
  const { command, machine, say } = parts
  const client = clients.find((each) => each.command === basename(command)) ?? null
  const unmeasured = client?.login(machine).unmeasured ?? null
  if (unmeasured !== null) throw new Failure(unmeasured, exitCodes.notDone)
  refuseMissing(command, client, machine)
  const proxy = await proxyForRun(parts)
  try {
    say(
      proxy.carried === null
        ? `llmproxy: ${command} goes through the proxy at ${proxy.client.url}`
        : `llmproxy: ${command} goes through a proxy of its own at ${proxy.client.url}`,
    )
    const { url } = proxy.client
    for (const note of client?.notes({ url, accessKey: null }, machine) ?? []) say(`  ${note}`)
    return await measured(parts, client, proxy.client)
  } finally {
    await proxy.carried?.close()
    for (const line of proxy.carried?.log() ?? []) say(line)
  }
}

/** Before a proxy is started for it. */
function refuseMissing(command: string, client: Client | null, { env }: Machine): void {
  if (command.includes('/') || isInstalled(command, env)) return
  if (client !== null) {
    const tries = client.install === undefined ? [] : [client.install]
    throw new Failure(`${client.title} is not installed`, exitCodes.notFound, tries)
  }
  const near = nearest(
    command,
    clients.flatMap((each) => each.command ?? []),
  )
  const question = near === undefined ? '' : `; did you mean ${near}?`
  throw new Failure(`there is no command ${command} in the PATH${question}`, exitCodes.notFound)
}

async function measured(parts: RunParts, client: Client | null, proxy: ApiClient): Promise<number> {
  const { command, flags, env, say } = parts
  const accessKey = flags['api-key'] ?? (env[accessKeyVariable] || null)
  const tags = runTags(parts.cwd)
  const hasLedger = await keepsLedger(() => askStats(proxy, tags.own))
  const issues = await watchIssues(proxy.url, accessKey)
  const files = new PrivateFiles()
  const started = await prepared(parts, client, { url: proxy.url, accessKey, tags: tags.text }, files)
  const ours = {
    ...ownVariables(proxy.url, accessKey),
    ...pastOutboundProxies(env),
  }
  const variables = { ...env, ...ours, ...started.env }
  const code = await runStarted()
  const stats: RunEnd['stats'] = hasLedger ? await orUnknown(settledStats(proxy, tags.own)) : 'no ledger'
  const found = await foundIssues()
  issues.close()
  const end = { stats, issues: found, ownTag: tags.own, namedUrl: flags.url ?? null, command, client }
  for (const line of closingLines(end)) say(line)
  return code

  async function runStarted(): Promise<number> {
    try {
      return await runChild({ command, args: started.args, env: variables }, parts.signals, parts.isTerminal)
    } finally {
      await started.close()
      files.remove()
    }
  }

  async function foundIssues(): Promise<number | null> {
    const ids = hasLedger ? await orUnknown(exchangeIdsOf(proxy, tags.own)) : null
    return ids === null ? null : issues.foundIn(ids)
  }
}

/** So that `llmproxy` within the client's own shell means the same proxy. */
function ownVariables(url: string, accessKey: string | null): Record<string, string> {
  return { LLMPROXY_URL: url, ...(accessKey !== null && { [accessKeyVariable]: accessKey }) }
}

/** False where the proxy keeps none. An access key that is missing or wrong is found before the client starts. */
async function keepsLedger(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask()
    return true
  } catch (error) {
    if (error instanceof Failure && error.exitCode === exitCodes.failed) return false
    throw error
  }
}

async function prepared(
  { args, cwd, machine }: RunParts,
  client: Client | null,
  route: { url: string; accessKey: string | null; tags: string },
  files: PrivateFiles,
): Promise<Launch & { close(): Promise<void> }> {
  const launch = client?.launch?.(
    { ...route, args, cwd, keepFile: (name, text) => files.keep(name, text) },
    machine,
  )
  if (launch !== undefined) return { ...launch, close: () => Promise.resolve() }
  const relay = await startRelay(route.url, startHeaders(route))
  return { env: anyCommandEnv(relay.url, machine), args, close: () => relay.close() }
}
