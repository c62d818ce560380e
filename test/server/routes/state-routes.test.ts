import fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { addStateRoutes } from '../../../src/server/routes/state-routes.ts'

function app(isReady: () => boolean) {
  const made = fastify({ exposeHeadRoutes: false })
  addStateRoutes(made, { isReady })
  onTestFinished(() => made.close())
  return made
}

it.each([
  ['GET', '/', 200, '{"status":"ok"}'],
  ['HEAD', '/', 200, ''],
  ['GET', '/healthz', 200, '{"status":"ok"}'],
  ['HEAD', '/healthz', 200, ''],
  ['GET', '/readyz', 200, '{"status":"ready"}'],
  ['HEAD', '/readyz', 200, ''],
] as const)('%s %s answers %i', async (method, url, status, body) => {
  const answer = await app(() => true).inject({ method, url })
  expect(answer.statusCode).toBe(status)
  expect(answer.body).toBe(body)
})

it('is alive but not ready without a usable backend', async () => {
  const made = app(() => false)
  expect((await made.inject('/readyz')).statusCode).toBe(503)
  expect((await made.inject('/healthz')).statusCode).toBe(200)
})
