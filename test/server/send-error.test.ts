import { afterAll, beforeAll, expect, test } from 'vitest'
import { rawRequest } from '../support/raw-client.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

const secret = 'sk-ant-api03-0123456789abcdef0123'

let proxy: TestProxy
beforeAll(async () => {
  proxy = await startTestProxy({ config: { logging: { level: 'debug' } } })
})
afterAll(() => proxy.stop())

test.each([
  ['a path that leads nowhere', `GET /nowhere/${secret}`, 'Host: localhost', 404],
  ['a backend that is not there', `POST /${secret}/v1/messages`, 'Host: localhost', 404],
  ['a model that is not listed', `GET /v1/models/${secret}`, 'Host: localhost', 404],
  ['a foreign Host', 'GET /v1/models', `Host: ${secret}`, 403],
  ['a foreign Origin', 'GET /v1/models', `Host: localhost\r\nOrigin: https://${secret}`, 403],
])(
  'a secret in %s is repeated neither to the client nor in the log',
  async (_what, line, headers, status) => {
    const answer = await rawRequest(proxy.port, `${line} HTTP/1.1\r\n${headers}\r\n\r\n`)
    expect(answer.status).toBe(status)
    expect(answer.complete).toBe(true)
    expect(JSON.parse(answer.text)).toHaveProperty('error')
    expect(answer.text + proxy.log()).not.toContain('0123456789abcdef')
  },
)
