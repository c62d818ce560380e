import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Exchange } from '../../src/core/exchange.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

let proxy: TestProxy
let opened: Exchange[]
beforeEach(async () => {
  opened = []
  proxy = await startTestProxy({ monitors: [{ name: 'watch', opened: (exchange) => opened.push(exchange) }] })
})
afterEach(() => proxy.stop())

async function openedWith(headers: Record<string, string>): Promise<Exchange> {
  const body = JSON.stringify({ model: 'demo:echo', messages: [{ role: 'user', content: 'hi' }] })
  await (await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', body, headers })).text()
  const [exchange] = opened
  if (!exchange) throw new Error('no exchange was opened')
  return exchange
}

it('keeps at most eight tags, and only those that have a value', async () => {
  const many = Array.from({ length: 12 }, (_, i) => `t${i}=v${i}`).join(',')
  const { tags } = await openedWith({ 'x-llmproxy-tags': `project=web, job = nightly ,bare,${many}` })
  expect(tags).toMatchObject({ project: 'web', job: 'nightly' })
  expect(Object.keys(tags).length).toBeLessThanOrEqual(8)
  expect(tags).not.toHaveProperty('bare')
})

it('takes names that objects have by nature as mere names', async () => {
  const { tags } = await openedWith({ 'x-llmproxy-tags': '__proto__=x,constructor=y' })
  expect(Object.entries(tags)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

it('overwrites a secret in a tag or user agent before it cuts it', async () => {
  const secret = `sk-ant-api03-${'Zq'.repeat(40)}`
  const { tags, userAgent } = await openedWith({
    'x-llmproxy-tags': `note=${'n'.repeat(100)} ${secret}`,
    'user-agent': `${'u'.repeat(240)} ${secret}`,
  })
  expect(JSON.stringify([tags, userAgent])).not.toContain('ZqZq')
  expect(userAgent?.length).toBeLessThanOrEqual(256)
})
