import { expect, it } from 'vitest'
import { createRouter, type RouterSettings } from '../../src/routing/router.ts'
import { proxyState } from '../../src/server/proxy-state.ts'
import { loading } from '../config/loading.ts'
import { aBackend } from '../support/a-backend.ts'

async function stateOf(yaml: string, demoDefault = false) {
  const scene = { files: { 'here/config.yaml': yaml }, configPath: 'config.yaml' }
  const { config } = await loading(scene).load()
  let asked: Omit<RouterSettings, 'places'> | undefined
  const openai = aBackend('openai')
  const state = proxyState({
    ...{ config, demoDefault },
    backends: [openai, aBackend('demo')],
    makeRouter: (settings) => {
      asked = settings
      return createRouter(settings, { listsModel: () => undefined })
    },
    isAccessKey: (value) => value === 'lp_key',
  })
  return { state, openai, router: asked as Omit<RouterSettings, 'places'> }
}

it('has the configuration’s limits in the units of the code', async () => {
  const { state, openai } = await stateOf(
    [
      'max_body_mb: 2',
      'failure_handling: {max_attempts: 3, total_budget_seconds: 4, max_wait_seconds: 5, keepalive_seconds: 6}',
      'backends: {openai: {}}',
    ].join('\n'),
  )
  expect(state).toMatchObject({
    bodyLimits: { maxBytes: 2_000_000 },
    failurePolicy: { maxAttempts: 3, totalBudgetMs: 4_000, maxWaitMs: 5_000 },
    keepaliveMs: 6_000,
  })
  expect(state.backends.get('openai')).toBe(openai)
  expect(state.isAccessKey('lp_key')).toBe(true)
})

it('routes by the file, and to the demo backend only where the start asked for it', async () => {
  const yaml = 'default_backend: openai\nbackends: {openai: {}}\nfailover_routes: {m: ["openai:n"]}'
  expect((await stateOf(yaml)).router).toMatchObject({
    defaultBackend: 'openai',
    failoverRoutes: { m: ['openai:n'] },
  })
  expect((await stateOf(yaml, true)).router.defaultBackend).toBe('demo')
})
