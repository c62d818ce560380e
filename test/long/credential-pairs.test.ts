import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { presets } from '../../src/backends/index.ts'
import { type ClientShape, clientShapes, loginOf } from '../credentials/clients.ts'
import { type Host, hosts, keyVariables } from '../credentials/hosts.ts'
import {
  credentialsIn,
  everyBackend,
  leaks,
  noMonitoring,
  startWorld,
  type World,
} from '../credentials/world.ts'
import type { RecordedRequest } from '../support/provider/recorded-request.ts'

/** Where the provider keys come from. */
type Keys = 'in the file' | 'in the environment' | "only the clients' own"

/** How the plan over two hosts comes about. */
type Manner = 'selector' | 'alias' | 'failover route' | 'pinned path'

interface Case {
  mark: string
  client: ClientShape
  first: Host
  second: Host
  manner: Manner
}

const manners: readonly Manner[] = ['selector', 'alias', 'failover route', 'pinned path']
const pairs = hosts.flatMap((first) =>
  hosts.flatMap((second) =>
    second === first ? [] : clientShapes.map((client) => ({ client, first, second })),
  ),
)
const cases: readonly Case[] = pairs
  .flatMap((pair) => manners.map((manner) => ({ ...pair, manner })))
  .map((one, index) => ({ ...one, mark: `case-${index}.` }))

/** Every pair once, the manners in turn. */
const oneManner = cases.filter((_, index) => {
  const pair = Math.floor(index / manners.length)
  return index % manners.length === (pair + Math.floor(pair / clientShapes.length)) % manners.length
})

const secrets = [...hosts.map(({ key }) => key), ...clientShapes.map(({ login }) => login)]

test('the table has a host for every preset, no key twice, and every pair', () => {
  const covered = oneManner.map(({ client, first, second }) => `${client.name} ${first.type} ${second.type}`)
  expect(new Set(covered).size).toBe(18 * 17 * clientShapes.length)
  expect(new Set(oneManner.map(({ manner }) => manner)).size).toBe(manners.length)
  expect(hosts.map(({ type }) => type).sort()).toEqual(presets.map(({ type }) => type).sort())
  expect(new Set(secrets).size).toBe(secrets.length)
})

test.each<[Keys, readonly Case[]]>([
  ['in the environment', cases],
  ['in the file', oneManner],
  ["only the clients' own", oneManner],
])(
  'of every two hosts with provider keys %s, each sees its own credential and no other',
  async (keys, chosen) => {
    const world = await startPairs(keys)
    try {
      const status = new Map<Case, number>()
      await inBatches(chosen, 24, async (one) => void status.set(one, await ask(world, one)))
      const seen = requestsByCase(world)
      const differences = chosen.flatMap((one) => {
        const wanted = { status: expectedStatus(one, keys), hosts: expectedHosts(one, keys) }
        const got = { status: status.get(one), hosts: seen.get(one.mark) ?? {} }
        return isDeepStrictEqual(got, wanted) ? [] : [{ [words(one)]: got, wanted }]
      })
      expect(differences).toEqual([])
      expect(leaks(world.fakes, secrets, (type, secret) => mayHave(type, secret, keys))).toEqual([])
      const plans = `${chosen.length} plans over ${pairs.length} pairs of hosts and client`
      console.log(`credentials: ${plans}, provider keys ${keys}`)
    } finally {
      await world.stop()
    }
  },
  60_000,
)

function startPairs(keys: Keys): Promise<World> {
  const places = hosts.flatMap((first) => hosts.map((second) => ({ first: first.type, second: second.type })))
  const backends = everyBackend((host) => {
    if (keys === 'in the file') return { api_key: host.key }
    return keys === 'in the environment' || host.keyless ? {} : { credentials: 'client' }
  })
  return startWorld({
    config: {
      ...noMonitoring,
      backends,
      model_aliases: places.map(({ first, second }) => ({
        pattern: `alias-${first}-${second}`,
        replacement: `${first}:m|${second}:m`,
      })),
      failover_routes: Object.fromEntries(
        places.map(({ first, second }) => [`route-${first}-${second}`, [`${first}:m`, `${second}:m`]]),
      ),
    },
    env: keys === 'in the environment' ? keyVariables() : {},
  })
}

async function ask(world: World, { mark, client, first, second, manner }: Case): Promise<number> {
  const pair = `${first.type}-${second.type}`
  const model = {
    selector: `${first.type}:m|${second.type}:m`,
    alias: `alias-${pair}`,
    'failover route': `route-${pair}`,
    'pinned path': `${second.type}:m`,
  }[manner]
  const prefix = manner === 'pinned path' ? `/${first.type}` : ''
  const text = `${mark} fail-at-${first.type}.`
  const answer = await world.client.ask(client.spoken, { model, text, prefix, ...loginOf(client) })
  return answer.status
}

/** Those that can be asked at all, in the plan's order: the first fails, so both are. */
function expectedTargets({ client, first, second, manner }: Case, keys: Keys): Host[] {
  const plan = manner === 'pinned path' ? [first] : [first, second]
  return plan.filter((host) => expectedCredential(host, client, keys) !== 'missing')
}

/** By host, the credentials that it is to see. */
function expectedHosts(one: Case, keys: Keys): Record<string, object | 'missing'> {
  return Object.fromEntries(
    expectedTargets(one, keys).map((host) => [host.type, expectedCredential(host, one.client, keys)]),
  )
}

function expectedStatus(one: Case, keys: Keys): number {
  const targets = expectedTargets(one, keys)
  if (targets.includes(one.second)) return 200
  return targets.length > 0 ? 500 : 401
}

/** `spec/config.md`, Credentials, for these clients and hosts. */
function expectedCredential(host: Host, client: ClientShape, keys: Keys): Record<string, string> | 'missing' {
  if (keys === 'in the file') return ours(host)
  if (host.keyless) return {}
  if (host.type === client.provider) return own(host, client)
  return keys === 'in the environment' && host.variable !== undefined ? ours(host) : 'missing'
}

function ours({ keyHeader, key }: Host): Record<string, string> {
  return { [keyHeader]: keyHeader === 'authorization' ? `Bearer ${key}` : key }
}

/** A key in the URL becomes a header; a login stays the kind that the client chose. */
function own({ keyHeader }: Host, { place, login }: ClientShape): Record<string, string> {
  return place === 'authorization' ? { authorization: `Bearer ${login}` } : { [keyHeader]: login }
}

function mayHave(type: string, secret: string, keys: Keys): boolean {
  const isOurs = hosts.some((host) => host.type === type && host.key === secret)
  const isOwn = clientShapes.some(({ provider, login }) => provider === type && login === secret)
  return keys === 'in the file' ? isOurs : isOwn || (keys === 'in the environment' && isOurs)
}

/** By the case's mark and the host's type: the credentials of its one request. */
function requestsByCase({ fakes }: World): Map<string, Record<string, object>> {
  const seen = new Map<string, Record<string, object>>()
  for (const [type, fake] of fakes) {
    for (const request of fake.requests.filter(({ method }) => method === 'POST')) {
      const mark = markOf(request)
      const hostsSeen = seen.get(mark) ?? {}
      hostsSeen[type] = hostsSeen[type] === undefined ? credentialsIn(request) : { asked: 'twice' }
      seen.set(mark, hostsSeen)
    }
  }
  return seen
}

function markOf({ body }: RecordedRequest): string {
  return /case-\d+\./.exec(body.toString())?.[0] ?? 'no case'
}

function words({ client, first, second, manner }: Case): string {
  return `${client.name}, ${first.type} then ${second.type} by ${manner}`
}

async function inBatches<T>(all: readonly T[], side: number, run: (one: T) => Promise<void>): Promise<void> {
  const rest = all[Symbol.iterator]()
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await run(next.value)
  }
  await Promise.all(Array.from({ length: side }, worker))
}
