import { describe, expect, it } from 'vitest'
import { startScenario } from '../proxy/scenario.ts'
import { chatFrames, stall, type startFakeProvider, streamHead, write } from '../support/fake-provider.ts'
import { openStream } from '../support/raw-client.ts'
import { startTestProxy } from '../support/start-proxy.ts'

const frames = chatFrames(['Hello', ' there'])

describe('a proxy', () => {
  it('says where it listens', async () => {
    const proxy = await startTestProxy()
    expect(proxy.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
    await proxy.stop()
    await expect(fetch(`${proxy.url}/healthz`)).rejects.toThrow()
  })

  it('closes once, however often it is told', async () => {
    const proxy = await startTestProxy()
    const first = proxy.close(0)
    expect(proxy.close(60_000)).toBe(first)
    await first
    await proxy.stop()
  })

  it('ends idle connections of clients at once', async () => {
    const { Agent } = await import('node:http')
    const agent = new Agent({ keepAlive: true })
    const proxy = await startTestProxy()
    await (await openStream(`${proxy.url}/healthz`, { agent })).text()
    // Longer than a test may take: waiting for the connection would fail it.
    await proxy.close(60_000)
    agent.destroy()
    await proxy.stop()
  })

  it('logs what nobody caught, and goes on', async () => {
    const proxy = await startTestProxy()
    proxy.reportFault(new Error('lost promise'))
    expect(proxy.log()).toContain('lost promise')
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200)
    await proxy.stop()
  })
})

it('a stream that runs through a reload keeps its backend, the next one has the new', async () => {
  const { a, chat, proxy, providers, watch } = await startScenario()
  const other = providers[2] as Awaited<ReturnType<typeof startFakeProvider>>
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  a.answer([streamHead(), write(frames.slice(0, 2).join('')), () => opened, write(frames.slice(2).join(''))])
  const running = await chat()
  await proxy.rewrite({
    backends: { 'openai.a': { api_url: `${other.url}/v1`, api_key: 'sk-new', stream_usage: 'never' } },
  })
  await proxy.reload()
  other.answer([streamHead(), write(frames.join('')), stall()])
  open()
  expect(await running.text()).toBe(frames.join(''))
  const next = await chat()
  await watch.closedExchange()
  expect(next.status).toBe(200)
  expect(other.requests.at(-1)?.headers.authorization).toBe('Bearer sk-new')
})
