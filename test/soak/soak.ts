import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { randomFrom } from '../corpus/random.ts'
import { type SpawnedProxy, spawnProxy } from '../support/spawn-proxy.ts'
import { type BookClient, bookClient } from '../usage/books/client.ts'
import { type BookedProvider, startBookedProvider } from '../usage/books/provider.ts'
import { startReaders } from './api-readers.ts'
import { Conversations } from './conversations.ts'
import { capturesWhole, type Ended, graceful, healthFaults, wrongLog } from './ending.ts'
import { memoryVerdicts } from './memory-verdict.ts'
import { type Probe, type Probed, probeIn } from './probe.ts'
import { changesSince, type ProcessState, processState, quietState, sumOf } from './proxy-process.ts'
import { startReloads } from './reloads.ts'
import { startSampling } from './sampling.ts'
import { Settlement } from './settlement.ts'
import { soakConfig } from './soak-config.ts'
import { type SoakExchange, soakExchange } from './soak-exchange.ts'
import { liveIn, traffic } from './traffic.ts'
import { recordsOf, recordsSince, wrongFile, wrongStatistics } from './usage-reader.ts'

export interface SoakOptions {
  forMs: number
  perSecond: number
  seed: number
  say(line: string): void
}

interface Base {
  state: ProcessState
  resources: Probed['resources']
}

const settleEveryMs = 2_000
const settlesWithinMs = 120_000
/** By then everything is there that the first exchanges of each kind load, open or start. */
const warmUpMs = 10_000
const mostMisses = 200

/** The proxy, the providers, their clients, and all that is written down of them. */
export class Soak {
  readonly misses: string[] = []
  readonly #options: SoakOptions
  readonly #folder: string
  readonly #provider: BookedProvider
  readonly #proxy: SpawnedProxy
  readonly #probe: Probe
  readonly #settlement: Settlement
  #client: BookClient
  readonly #configOf: (isOther: boolean) => object
  readonly #conversations = new Conversations()
  #begun = 0
  #isWarm = false
  #base: Base | null = null
  #reloads = 0

  static async start(folder: string, options: SoakOptions): Promise<Soak> {
    const settlement = new Settlement()
    const provider = await startBookedProvider({
      partOf: (call, number) => settlement.partOf(call.exchange, call.backend, number),
      write: (line) => settlement.write(line),
    })
    const port = await closedPort()
    const configOf = (isOther: boolean) => soakConfig(provider.urlOf, port, isOther)
    const probe = probeIn(join(folder, 'probe'))
    const proxy = await spawnProxy({ ...probe.options, folder, config: configOf(false) })
    return new Soak({ folder, options, provider, proxy, probe, settlement, configOf })
  }

  private constructor(parts: {
    folder: string
    options: SoakOptions
    provider: BookedProvider
    proxy: SpawnedProxy
    probe: Probe
    settlement: Settlement
    configOf: (isOther: boolean) => object
  }) {
    this.#folder = parts.folder
    this.#options = parts.options
    this.#provider = parts.provider
    this.#proxy = parts.proxy
    this.#probe = parts.probe
    this.#configOf = parts.configOf
    this.#settlement = parts.settlement
    this.#settlement.onMiss = (fault) => this.#miss(fault)
    this.#settlement.onClose = ({ plan }) => this.#provider.forget(plan.id)
    this.#client = this.#newClient()
  }

  #newClient(): BookClient {
    return bookClient(this.#proxy.url, this.#provider, ({ id }) => {
      const exchange = this.#settlement.exchangeOf(id)
      if (!exchange) throw new Error(`${id} is not open`)
      return exchange.asking
    })
  }

  /** The warm-up, and then the load beside everything else that goes on. */
  async live(): Promise<void> {
    const { forMs, seed, say } = this.#options
    const { pid, url } = this.#proxy
    const readers = (name: string) => startReaders(url, randomFrom(name, seed), (fault) => this.#miss(fault))
    const warming = readers('warm-up')
    await this.#load(warmUpMs)
    await warming.stop()
    this.#base = await this.#quiet()
    this.#isWarm = true
    this.#client = this.#newClient()
    say(`after ${this.#begun} exchanges to warm up: ${stateText(this.#base)}`)

    const reading = readers('readers')
    const reloads = startReloads(pid, {
      file: join(this.#folder, 'config.yaml'),
      everyMs: Math.min(45_000, forMs / 5),
      configOf: this.#configOf,
    })
    const sampling = startSampling({
      everyMs: Math.min(10_000, forMs / 30),
      sayEveryMs: Math.min(60_000, forMs / 4),
      look: async () => ({
        probed: await this.#probe.ask(pid),
        state: processState(pid),
        cpuMs: this.#proxy.cpuMs(),
        waitedMs: this.#proxy.waitedMs(),
      }),
      exchanges: () => this.#begun,
      inFlight: () => this.#settlement.living,
      say,
    })
    await this.#load(forMs, () => Promise.all([sampling.stop(), reloads.stop()]))
    await reading.stop()
    this.#reloads = reloads.asked
    say(`exchanges: ${counts(this.#settlement.settled.byKind)}`)
    say(`reads of the API: ${counts(reading.reads)}`)
    for (const { line, miss } of memoryVerdicts(sampling.samples)) {
      say(line)
      if (miss !== null) this.#miss(miss)
    }
    say(`event loop late by ${sampling.worstDelayMs.toFixed(0)} ms at most`)
  }

  /** What the proxy holds when nobody asks it anything. */
  async #quiet(): Promise<Base> {
    await this.#client.close()
    const state = await quietState(this.#proxy.pid)
    const { resources } = await this.#probe.ask(this.#proxy.pid)
    return { state, resources }
  }

  /** All is over: what is left, the ledger, the end, and what was written. */
  async end(): Promise<void> {
    const { say } = this.#options
    const { url } = this.#proxy
    const { settled } = this.#settlement
    const left = await this.#quiet()
    say(`when all is quiet: ${stateText(left)}`)
    if (this.#base) for (const change of changesSince(this.#base.state, left.state)) this.#miss(change)
    for (const fault of [...(await healthFaults(url)), ...(await wrongStatistics(url, settled))])
      this.#miss(fault)
    this.#take(graceful(await this.#proxy.stop()))
    for (const fault of wrongFile(join(this.#folder, 'usage.db'), settled)) this.#miss(fault)
    say(
      `${recordsOf(settled.byOutcome)} records (${counts(settled.byOutcome)}) with ${settled.attempts} attempts compared`,
    )
    say(`tokens counted by ${counts(settled.byCount)}`)
    this.#take(capturesWhole(join(this.#folder, 'captures')))
    this.#take(await wrongLog(join(this.#folder, 'stderr.log'), this.#reloads))
  }

  async close(): Promise<void> {
    await this.#client.close()
    await this.#proxy.stop()
    await this.#provider.close()
  }

  /** So much of it, to its end: until the last exchange has been compared. */
  async #load(forMs: number, afterwards: () => Promise<unknown> = async () => {}): Promise<void> {
    const { perSecond, seed } = this.#options
    const ending = new AbortController()
    const settling = this.#settleOn(ending.signal)
    const notBegun = await traffic({
      ...{ perSecond, forMs },
      isHopeless: () => this.misses.length >= mostMisses,
      next: () => {
        const exchange = soakExchange(seed, ++this.#begun, this.#conversations)
        return this.#isWarm ? exchange : { ...exchange, isCounted: false }
      },
      begin: (exchange) => this.#settlement.begin(exchange),
      live: (exchange) => this.#liveOne(exchange),
    })
    if (notBegun > 0)
      this.#options.say(`${notBegun} exchanges were not begun when they were due: too many were in flight`)
    await afterwards()
    const untilMs = performance.now() + settlesWithinMs
    while (this.#settlement.open > 0 && performance.now() < untilMs) await pause(200)
    if (this.#settlement.open > 0) this.#miss(`${this.#settlement.open} exchanges are not settled`)
    ending.abort()
    await settling
  }

  async #liveOne(exchange: SoakExchange): Promise<void> {
    const { id } = exchange.plan
    try {
      this.#settlement.end(id, await liveIn(this.#client, exchange))
    } catch (error) {
      this.#miss(`${id} ${exchange.kind}: ${error}`)
      this.#settlement.end(id, null)
    }
  }

  async #settleOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(settleEveryMs, undefined, { signal }).catch(() => {})
      const { oldestMs } = this.#settlement
      if (oldestMs === null) continue
      const lookedMs = Date.now()
      try {
        for await (const records of recordsSince(this.#proxy.url, oldestMs)) this.#settlement.take(records)
        this.#settlement.settle(lookedMs)
      } catch (error) {
        this.#miss(String(error))
      }
    }
  }

  #take({ line, misses }: Ended): void {
    this.#options.say(line)
    for (const fault of misses) this.#miss(fault)
  }

  #miss(fault: string): void {
    if (this.misses.length < mostMisses) this.#options.say(`MISSED ${fault}`)
    if (this.misses.length <= mostMisses) this.misses.push(fault)
  }
}

function stateText({ state, resources }: Base): string {
  const { rssMb, threads, descriptors } = state
  return (
    `${rssMb.toFixed(0)} MB resident, ${threads} threads, ${sumOf(descriptors)} descriptors (${counts(descriptors)}); ` +
    `kept alive by ${counts(resources)}`
  )
}

function counts(of: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(of).sort(([, a], [, b]) => b - a)
  return sorted.map(([what, count]) => `${what} ${count}`).join(', ')
}

/** A port of this machine that nobody listens at. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
