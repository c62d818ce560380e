import { expect, test } from 'vitest'
import { presets } from '../../src/backends/index.ts'
import type { RecordedRequest } from '../support/provider/recorded-request.ts'
import { type ClientShape, clientShapes, loginOf } from './clients.ts'
import { type Host, hosts, keyVariables } from './hosts.ts'
import { credentialsIn, everyBackend, leaks, noMonitoring, startWorld, type World } from './world.ts'

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
const cases: readonly Case[] = hosts.flatMap((first) =>
  hosts
    .filter((second) => second !== first)
    .flatMap((second) =>
      clientShapes.flatMap((client) => manners.map((manner) => ({ client, first, second, manner }))),
    ),
).map((one, index) => ({ ...one, mark: `case-${index}.` }))

const secrets = [...hosts.map(({ key }) => key), ...clientShapes.map(({ login }) => login)]

test('the table has a host for every preset, and no key twice', () => {
  expect(hosts.map(({ type }) => type).sort()).toEqual(presets.map(({ type }) => type).sort())
  expect(new Set(secrets).size).toBe(secrets.length)
})

test.each<Keys>([
  'in the file',
  'in the environment',
  "only the clients' own",
])('of every two hosts with provider keys %s, each sees its own credential and no other', async (keys) => {
  const world = await startPairs(keys)
  try {
    await inBatches(cases, 24, async (one) => {
      const status = await ask(world, one)
      expect(`${words(one)}: ${status}`).toBe(`${words(one)}: ${expectedStatus(one, keys)}`)
    })
    const seen = requestsByCase(world)
    for (const one of cases) {
      const expected = Object.fromEntries(
        expectedTargets(one, keys).map((host) => [host.type, expectedCredential(host, one.client, keys)]),
      )
      expect({ [words(one)]: seen.get(one.mark) ?? {} }).toEqual({ [words(one)]: expected })
    }
    expect(leaks(world.fakes, secrets, (type, secret) => mayHave(type, secret, keys))).toEqual([])
    console.log(`credentials: ${cases.length} pairs of client and plan, provider keys ${keys}`)
  } finally {
    await world.stop()
  }
}, 60_000)

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
  return plan.filter(
    (host) => host.speaks.includes(client.spoken) && expectedCredential(host, client, keys) !== 'missing',
  )
}

function expectedStatus(one: Case, keys: Keys): number {
  const targets = expectedTargets(one, keys)
  if (targets.includes(one.second)) return 200
  if (targets.length > 0) return 500
  const plan = one.manner === 'pinned path' ? [one.first] : [one.first, one.second]
  return plan.some((host) => host.speaks.includes(one.client.spoken)) ? 401 : 400
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
