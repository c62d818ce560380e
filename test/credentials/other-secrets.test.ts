import { expect, test } from 'vitest'
import { claude, codex, geminiCli, loginOf } from './clients.ts'
import { hosts, keyVariables } from './hosts.ts'
import { everyBackend, leaks, noMonitoring, startWorld } from './world.ts'

const secret = 'Planted0123456789abcdef'
const headers = {
  cookie: `session=${secret}-cookie`,
  'proxy-authorization': `Basic ${secret}-proxy`,
  'ocp-apim-subscription-key': `${secret}-gateway`,
  'x-company-token': `${secret}-token`,
  'x-helper-api-key': `${secret}-helper`,
}
const parameters = ['key', 'api_key', 'api-key', 'apikey', 'access_token', 'ACCESS_TOKEN', '%6bey']
const query = parameters.map((name, index) => `${name}=${secret}-query-${index}`).join('&')

test("no header or parameter that opens something of the client's goes where its login does not", async () => {
  const config = { ...noMonitoring, backends: everyBackend(({ key }) => ({ api_key: key })) }
  const world = await startWorld({ config })
  try {
    for (const client of [claude, codex, geminiCli]) {
      for (const { type, speaks } of hosts) {
        const text = `${type}.`
        const answer = await world.client.ask(client.spoken, {
          ...{ text, query: `a=1&${query}`, prefix: `/${type}`, model: 'm', headers },
        })
        expect({ [type]: answer.status }).toEqual({ [type]: 200 })
        // What is translated has a query of its own, if any.
        if (speaks.includes(client.spoken))
          expect(world.fakes.get(type)?.requests.at(-1)?.url).toMatch(/\?a=1$/)
      }
    }
    expect(leaks(world.fakes, [secret])).toEqual([])
  } finally {
    await world.stop()
  }
})

test("a client's own provider gets its headers with its login, the next host does not", async () => {
  const world = await startWorld({
    config: { ...noMonitoring, backends: everyBackend(() => ({})) },
    env: keyVariables(),
  })
  const account = {
    'openai-organization': 'org-OfTheClient',
    'openai-project': 'proj-OfTheClient',
    ...headers,
  }
  try {
    const login = loginOf(codex)
    const { status } = await world.client.ask('responses', {
      ...{ model: 'openai:m|groq:m', text: 'fail-at-openai.' },
      headers: { ...login.headers, ...account },
    })
    expect(status).toBe(200)
    const [atOpenai] = world.fakes.get('openai')?.requests.filter(({ method }) => method === 'POST') ?? []
    expect(atOpenai?.headers).toMatchObject({
      'openai-organization': 'org-OfTheClient',
      'ocp-apim-subscription-key': headers['ocp-apim-subscription-key'],
    })
    expect(leaks(world.fakes, [`${secret}-cookie`, `${secret}-proxy`])).toEqual([])
    const others = new Map([...world.fakes].filter(([type]) => type !== 'openai'))
    expect(leaks(others, [secret, 'OfTheClient'])).toEqual([])
  } finally {
    await world.stop()
  }
})
