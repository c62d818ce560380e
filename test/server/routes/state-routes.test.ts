import fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { addStateRoutes } from '../../../src/server/routes/state-routes.ts'

function app(isReady: () => boolean) {
  const made = fastify({ exposeHeadRoutes: false })
  addStateRoutes(made, { isReady })
  onTestFinished(() => made.close())
  return made
}

/** On a real socket: what `inject` makes of HEAD depends on its version. */
async function asked(method: string, url: string): Promise<Response> {
  const made = app(() => true)
  const address = await made.listen({ port: 0 })
  return fetch(address + url, { method })
}

it.each([
  ['GET', '/', 200, '{"status":"ok"}'],
  ['HEAD', '/', 200, ''],
  ['GET', '/healthz', 200, '{"status":"ok"}'],
  ['HEAD', '/healthz', 200, ''],
  ['GET', '/readyz', 200, '{"status":"ready"}'],
  ['HEAD', '/readyz', 200, ''],
] as const)('%s %s answers %i', async (method, url, status, body) => {
  const answer = await asked(method, url)
  expect(answer.status).toBe(status)
  expect(await answer.text()).toBe(body)
})

it('is alive but not ready without a usable backend', async () => {
  const made = app(() => false)
  expect((await made.inject('/readyz')).statusCode).toBe(503)
  expect((await made.inject('/healthz')).statusCode).toBe(200)
})
