import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type IssueWatch, watchIssues } from '../../../src/cli/run/issue-watch.ts'
import {
  delay,
  type FakeProvider,
  head,
  stall,
  startFakeProvider,
  whole,
  write,
} from '../../support/fake-provider.ts'

let proxy: FakeProvider
const watches: IssueWatch[] = []
beforeEach(async () => {
  proxy = await startFakeProvider()
})
afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close()
  await proxy.close()
})

async function watching(accessKey: string | null = null): Promise<IssueWatch> {
  const watch = await watchIssues(proxy.url, accessKey)
  watches.push(watch)
  return watch
}

const issue = (exchange: string | null, code: string, severity = 'warn') =>
  `event: issue\ndata: ${JSON.stringify({ exchange, code, severity })}\n\n`
const listening = head(200, { 'content-type': 'text/event-stream' })

describe('issues that a proxy tells of', () => {
  test('count where they are of these exchanges, each once however bad it became', async () => {
    const events = [
      ': listening\n\n',
      issue('x_a', 'slow_response'),
      'event: backend.state\ndata: {"exchange":"x_a","code":"no_issue"}\n\n',
      issue('x_a', 'slow_response', 'error'),
      issue('x_a', 'tool_loop'),
      issue('x_b', 'slow_response'),
      issue(null, 'file_truncated'),
    ].join('')
    proxy.answer([listening, write(events.slice(0, 50)), delay(1), write(events.slice(50)), stall()])
    const watch = await watching()
    await expect.poll(() => watch.foundIn(new Set(['x_a', 'x_b']))).toBe(3)
    expect(watch.foundIn(new Set(['x_a']))).toBe(2)
    expect(watch.foundIn(new Set(['x_c']))).toBe(0)
  })

  test('are asked for with the access key', async () => {
    proxy.answer([listening, write(': listening\n\n'), stall()])
    await watching('lp_0123456789abcdef')
    const { url, headers } = await proxy.received()
    expect([url, headers['x-llmproxy-key']]).toEqual(['/internal/events', 'lp_0123456789abcdef'])
  })
})

describe('how many there were is not known', () => {
  test('where the access key may not hear them', async () => {
    proxy.answer(whole(403, { error: { code: 'role_refused' } }))
    expect((await watching()).foundIn(new Set())).toBeNull()
  })

  test('where the proxy went away meanwhile', async () => {
    proxy.answer([listening, write(': listening\n\n'), stall()])
    const watch = await watching()
    expect(watch.foundIn(new Set())).toBe(0)
    await proxy.close()
    await expect.poll(() => watch.foundIn(new Set())).toBeNull()
  })

  test('where no proxy is', async () => {
    await proxy.close()
    expect((await watching()).foundIn(new Set())).toBeNull()
  })
})
