import { describe, expect, it, onTestFinished } from 'vitest'
import { Events } from '../../src/server/events.ts'
import { startScenario } from '../proxy/scenario.ts'
import { chatStream } from '../support/fake-provider.ts'
import type { TestProxy } from '../support/start-proxy.ts'
import { askLive } from './ask-live.ts'

interface Told {
  event: string
  data: Record<string, unknown>
}

/** What a proxy tells from now on. */
async function listenTo({ url }: TestProxy) {
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const answer = await fetch(`${url}/internal/events`, { signal: ending.signal })
  const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const read = async () => {
    const { value = '' } = await reader.read()
    text += value
  }
  while (!text.includes(': listening\n\n')) await read()
  /** Everything, once an event of this name is there. */
  return async (name: string): Promise<Told[]> => {
    const blocks = () => [...text.matchAll(/event: (.*)\ndata: (.*)\n\n/g)]
    while (!blocks().some(([, event]) => event === name)) await read()
    return blocks().map(([, event = '', data = '']) => ({ event, data: JSON.parse(data) }))
  }
}

describe('GET /internal/events', () => {
  it('tells of an exchange when it opens, when its first output comes and when it closes', async () => {
    const scenario = await startScenario()
    const told = await listenTo(scenario.proxy)
    scenario.a.answer(chatStream(['Hello', ' there']))
    await (await scenario.chat({}, { headers: { 'x-session-id': 'work' } })).text()
    const events = await told('exchange.closed')
    const { id } = await scenario.watch.closedExchange()
    expect(events.map(({ event }) => event)).toEqual([
      ...['exchange.opened', 'exchange.first_output', 'exchange.closed'],
    ])
    expect(events.map(({ data }) => data.id)).toEqual([id, id, id])
    expect(events[0]?.data).toMatchObject({ frontend: 'openai-chat', call_purpose: 'chat' })
    expect(events[1]?.data).toMatchObject({ session_id: 'work', backend: 'openai.a', model: 'm', attempt: 1 })
    expect(events[2]?.data).toEqual((await askLive(scenario.proxy)).recent[0])
    expect(JSON.stringify(events)).not.toContain('Hello')
  })

  it('tells of what replacement decided', async () => {
    const rule = { from_pattern: 'openai.a:m', to_backend: 'openai.b', to_model: 'm' }
    const replacement = { enabled: true, probability: 1, allow_first_turn: true, replacement_rules: [rule] }
    const scenario = await startScenario({ targets: 2, config: { replacement } })
    const told = await listenTo(scenario.proxy)
    scenario.b.answer(chatStream(['Hello']))
    await (await scenario.chat({ model: 'openai.a:m' })).text()
    const names = (await told('exchange.closed')).map(({ event }) => event)
    expect(names).toContain('replacement')
    expect((await askLive(scenario.proxy)).recent[0]?.replacement).toBe('replaced')
  })
})

it('events are heard from the first listener until the last one has gone', () => {
  const events = new Events()
  const heard: string[] = []
  expect(events.isHeard).toBe(false)
  const ends = [1, 2].map((number) => events.listen(({ event }) => heard.push(`${number} ${event}`)))
  events.tell('issue', {})
  ends[0]?.()
  expect(events.isHeard).toBe(true)
  ends[1]?.()
  expect(events.isHeard).toBe(false)
  events.tell('issue', {})
  expect(heard).toEqual(['1 issue', '2 issue'])
})
