import { expect, test } from 'vitest'
import { refusedPort } from '../support/fake-provider.ts'
import { claude, codex, geminiCli, loginOf, openaiSdk } from './clients.ts'
import { hosts, keyVariables } from './hosts.ts'
import { credentialsIn, everyBackend, leaks, noMonitoring, startWorld } from './world.ts'

const shapes = [claude, codex, openaiSdk, geminiCli]

test('a host that refuses connections is passed over without a trace of its credential at the next', async () => {
  const world = await startWorld({
    config: { ...noMonitoring, backends: everyBackend(() => ({})) },
    env: keyVariables(),
  })
  const refused = `http://127.0.0.1:${await refusedPort()}`
  let pairs = 0
  try {
    for (const first of hosts) {
      const origin = world.instead[first.origin]
      world.instead[first.origin] = refused
      for (const second of hosts.filter((host) => host !== first)) {
        // Only with a credential can the second one be asked: its own login apart, chatgpt has none.
        if (second.type === 'chatgpt') continue
        const [client] = shapes.filter(
          ({ spoken }) => first.speaks.includes(spoken) && second.speaks.includes(spoken),
        )
        if (!client) continue
        const text = `refused-${first.type}-${second.type}.`
        const { status, headers } = await world.client.ask(client.spoken, {
          ...{ text, model: `${first.type}:m|${second.type}:m` },
          ...loginOf(client),
        })
        const reached = world.reached(text)
        // chatgpt is not even tried here: no login of these clients is a ChatGPT plan's.
        const attempts = first.type === 'chatgpt' ? '1' : '2'
        const got = { pair: text, status, attempts: headers['x-llmproxy-attempts'], reached }
        expect(got).toEqual({ pair: text, status: 200, attempts, reached: [second.type] })
        pairs++
      }
      world.instead[first.origin] = origin ?? ''
    }
    const ours = hosts.map(({ key }) => key)
    const logins = shapes.map(({ login }) => login)
    const mayHave = (type: string, secret: string) =>
      hosts.some((host) => host.type === type && host.key === secret) ||
      shapes.some(({ provider, login }) => provider === type && login === secret)
    expect(leaks(world.fakes, [...ours, ...logins], mayHave)).toEqual([])
    const credentialed = [...world.fakes.values()].flatMap(({ requests }) =>
      requests.filter((request) => Object.keys(credentialsIn(request)).length > 0),
    )
    expect(credentialed.length).toBeGreaterThan(pairs / 2)
    console.log(`credentials: ${pairs} pairs of hosts, the first refusing connections`)
  } finally {
    await world.stop()
  }
}, 60_000)
