import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestProxy, startTestProxy } from '../support/start-proxy.ts'

let proxy: TestProxy
beforeAll(async () => {
  proxy = await startTestProxy({ ledger: true, config: {} })
})
afterAll(() => proxy.stop())

it('records', async () => {
  for (let i = 0; i < 3; i++) {
    const a = await fetch(`${proxy.url}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'demo:echo', stream: i > 0, messages: [{ role: 'user', content: `hello there ${i}` }] }) })
    await a.text()
  }
  const recent = await fetch(`${proxy.url}/v1/usage/recent`)
  const body = await recent.text()
  console.log(recent.status, body)
  console.log(await (await fetch(`${proxy.url}/v1/usage/stats?group_by=model`)).text())
  console.log(await (await fetch(`${proxy.url}/v1/usage/export?start_date=today&end_date=now&format=csv`)).text())
  console.log(await (await fetch(`${proxy.url}/v1/usage/stats?modle=3`)).text())
  console.log(proxy.log())
  expect(recent.status).toBe(200)
})
