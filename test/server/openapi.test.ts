import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorKinds } from '../../src/core/errors.ts'
import { aliases, Parameters } from '../../src/usage/query/parameters.ts'
import { queryNames } from '../../src/usage/query/parse-query.ts'
import { querySchemas } from '../../src/usage/query/query-schemas.ts'
import { chatAnswer, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { type DocumentedOperation, expectDocumented, faultsAt, openApi } from '../support/openapi.ts'
import { startTestProxy, type TestProxy } from '../support/start-proxy.ts'

interface Route {
  method: string | string[]
  url: string
}

/** What the listener is given while the proxy is put together: Fastify tells of each instance that is made. */
const routes: Route[] = []
function watchRoutes(message: unknown): void {
  const { fastify: app } = message as { fastify: FastifyInstance }
  app.addHook('onRoute', ({ method, url }) => void routes.push({ method, url }))
}

const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)
const named = operations.map((one) => ({ ...one, name: `${one.method.toUpperCase()} ${one.path}` }))

let proxy: TestProxy
let provider: FakeProvider

beforeAll(async () => {
  provider = await startFakeProvider(chatAnswer())
  subscribe('fastify.initialization', watchRoutes)
  proxy = await startTestProxy({
    ledger: true,
    config: {
      backends: { openai: { api_url: `${provider.url}/v1`, api_key: 'sk-0000000000', models: ['m'] } },
      logging: { level: 'error' },
    },
  })
  unsubscribe('fastify.initialization', watchRoutes)
})
afterAll(async () => {
  await proxy.stop()
  await provider.close()
})

describe('GET /openapi.json', () => {
  it('is OpenAPI 3.1, as it is made of the schemas', async () => {
    const answer = await fetch(`${proxy.url}/openapi.json`)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await answer.json()).toEqual(openApi)
    expect(openApi.openapi).toBe('3.1.0')
  })

  it('tells of every route that the listener has, and of no other of its own', () => {
    const ours = routes
      .filter(({ url }) => url !== '/*')
      .flatMap(({ method, url }) => [method].flat().map((one) => `${one} ${url}`))
    const documented = named.filter(({ operation }) => !isFrontend(operation)).map(({ name }) => name)
    expect(documented.map(asRoute).sort()).toEqual([...new Set(ours.map(asRoute))].sort())
  })

  it.each(named.filter(({ operation }) => isFrontend(operation)))(
    'tells of the frontend $name, which is one',
    async ({ path, method }) => {
      const body = method === 'post' ? { body: '{}' } : {}
      const answer = await fetch(proxy.url + filledIn(path), { method: method.toUpperCase(), ...body })
      const text = await answer.text()
      expect(text).not.toMatch(/unknown_route|there is no route/)
      expect(answer.status).not.toBe(405)
    },
  )

  it('gives each operation a name of its own that does not change', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toMatchInlineSnapshot(`
      [
        "getRoot",
        "headRoot",
        "getAlive",
        "headAlive",
        "getReady",
        "headReady",
        "getMetrics",
        "getOpenapi",
        "getCapabilities",
        "getHealth",
        "checkHealth",
        "resetBackend",
        "getLive",
        "getEvents",
        "getUsageStats",
        "listUsageRecords",
        "getUsageRecord",
        "exportUsage",
        "getReplacementMetrics",
        "resetReplacementMetrics",
        "optOut",
        "optIn",
        "setCaptureMode",
        "saveCapture",
        "listModels",
        "getModel",
        "listModelsBeta",
        "getModelBeta",
        "createChatCompletion",
        "createResponse",
        "countResponseTokens",
        "createMessage",
        "countMessageTokens",
        "geminiGenerateContentBeta",
        "geminiStreamGenerateContentBeta",
        "geminiCountTokensBeta",
        "geminiGenerateContent",
        "geminiStreamGenerateContent",
        "geminiCountTokens",
        "postUntouched",
        "getUntouched",
        "deleteUntouched",
        "postPinned",
        "getPinned",
        "deletePinned",
      ]
    `)
  })

  it.each(named)('names each parameter in the path of $name', ({ path, operation }) => {
    const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
  })

  it.each(named)('has examples of $name that fit, of what it takes and of every answer', (one) => {
    for (const { steps, example } of examplesOf(one)) {
      expect(example).toBeDefined()
      expect([steps, faultsAt(steps, example)]).toEqual([steps, []])
    }
  })

  it('names only codes that the catalogue has, each at its status', () => {
    const isCode = (word: string): word is keyof typeof errorKinds => Object.hasOwn(errorKinds, word)
    for (const { operation } of operations) {
      for (const [status, { description }] of Object.entries(operation.responses)) {
        const codes = description.split(', ')
        if (!codes.every(isCode)) continue
        for (const code of codes) expect(errorKinds[code].status).toBe(Number(status))
      }
    }
  })

  it.each(['Health', 'UsageStats', 'UsageRecord', 'ReplacementMetrics', 'LiveSnapshot', 'Error'])(
    'lets no member of %s be forgotten or added in silence',
    (name) => {
      expect(openApi.components.schemas[name]).toMatchObject({ type: 'object', additionalProperties: false })
      expect(faultsAt(['components', 'schemas', name], {})).not.toEqual([])
    },
  )
})

describe('what a question may be asked with', () => {
  it.each(Object.keys(querySchemas) as (keyof typeof querySchemas)[])(
    'is documented for %s as its parser takes it',
    (question) => {
      expect(Object.keys(querySchemas[question].shape).sort()).toEqual([...queryNames[question]].sort())
    },
  )

  it.each([
    ['/v1/usage/stats', 'get'],
    ['/v1/usage/recent', 'get'],
    ['/v1/replacement/metrics', 'get'],
    ['/v1/capabilities', 'get'],
    ['/internal/live', 'get'],
  ])('is taken, each word that is documented for %s', async (path, method) => {
    const parameters = openApi.paths[path]?.[method]?.parameters ?? []
    expect(parameters.length).toBeGreaterThan(0)
    for (const { name, schema } of parameters) {
      for (const value of valuesOf(name, schema)) {
        const answer = await fetch(`${proxy.url}${path}?${name}=${encodeURIComponent(value)}`)
        const body = await answer.json()
        expect([name, value, answer.status, body]).toEqual([name, value, 200, body])
        expectDocumented('GET', path, 200, body)
      }
    }
    const refused = await fetch(`${proxy.url}${path}?nonsense=1`)
    expect(refused.status).toBe(400)
    expectDocumented('GET', path, 400, await refused.json())
  })

  it('may be said in the words of the command line', () => {
    for (const [alias, name] of Object.entries(aliases)) {
      expect(new Parameters(new URLSearchParams({ [alias]: 'x' }), [name]).one(name)).toBe('x')
    }
  })
})

describe('expectDocumented', () => {
  it('finds what is not documented', () => {
    const health = openApi.paths['/healthz']?.get?.responses['200']?.content?.['application/json']?.example
    expect(() => expectDocumented('GET', '/healthz', 200, health)).not.toThrow()
    expect(() => expectDocumented('GET', '/healthz', 200, { status: 'ok', more: 1 })).toThrow(/additional/)
    expect(() => expectDocumented('GET', '/healthz', 200, {})).toThrow(/required/)
    expect(() => expectDocumented('GET', '/healthz', 418, {})).toThrow(/status/)
    expect(() => expectDocumented('POST', '/healthz', 200, {})).toThrow(/operation/)
    expect(() => expectDocumented('GET', '/nowhere', 200, {})).toThrow(/no path/)
  })
})

function isFrontend({ tags }: DocumentedOperation): boolean {
  return tags.includes('frontends')
}

/** Fastify's `:name` and `*`, and the document's `{name}`, alike. */
function asRoute(route: string): string {
  return route.replace(/:\w+|\{\w+\}|\*/g, '{}')
}

function filledIn(path: string): string {
  return path.replace('{backend}', 'openai').replace('{path}', 'v1/embeddings').replace('{model}', 'm')
}

function examplesOf({ path, method, operation }: (typeof operations)[number]) {
  const body = operation.requestBody?.content['application/json']
  const steps = ['paths', path, method]
  return [
    ...(body
      ? [{ steps: [...steps, 'requestBody', 'content', 'application/json', 'schema'], example: body.example }]
      : []),
    ...Object.entries(operation.responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, { example }]) => ({
        steps: [...steps, 'responses', status, 'content', type, 'schema'],
        example,
      })),
    ),
  ]
}

type Schema = DocumentedOperation['parameters'][number]['schema']

/** A word that fits; where there is a list of them, all. */
function valuesOf(name: string, schema: Schema): string[] {
  const listed = schema.enum ?? schema.items?.enum
  if (listed) return listed
  const of: Record<string, string> = {
    ...{ start_date: '2026-01-01', end_date: '2026-12-31', time_zone: 'Europe/Berlin', group_by: 'model' },
    ...{ order_by: '-total_cost', cursor: '1.x_1', backend: 'openai' },
  }
  if (of[name] !== undefined) return [of[name]]
  if (schema.type === 'boolean') return ['true', 'false']
  return [name === 'http_status_code' ? '200' : '3']
}
