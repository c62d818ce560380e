import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { openApiText } from '../../src/server/compose/openapi.ts'

export interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, DocumentedOperation>>
  components: { schemas: Record<string, object> }
}

export interface DocumentedOperation {
  operationId: string
  tags: string[]
  security?: object[]
  parameters: {
    name: string
    in: string
    required: boolean
    schema: { type?: string; items?: { enum?: string[] }; enum?: string[] }
  }[]
  requestBody?: { content: Record<string, { schema: object; example: unknown }> }
  responses: Record<string, { description: string; content?: Record<string, Documented> }>
}

export interface Documented {
  schema: object
  example: unknown
}

export const openApi = JSON.parse(await openApiText()) as OpenApi

/** OpenAPI 3.1 is JSON Schema of 2020-12; what else stands in a document it takes for a note. */
const ajv = new Ajv2020({ strict: false, allErrors: true, loopEnum: 10, inlineRefs: false })
addFormats.default(ajv)
ajv.addSchema(openApi, 'openapi')

/** What is wrong with a value, by the schema at these steps into the document; nothing: it is as documented. */
export function faultsAt(steps: readonly string[], value: unknown): string[] {
  const pointer = steps.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
  const $ref = `openapi#/${encodeURI(pointer)}`
  const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref })
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** The operation that a request is: of the paths that fit, the one with the fewest parameters that has its method. */
export function operationOf(
  method: string,
  path: string,
): { template: string; operation: DocumentedOperation } | undefined {
  return templatesOf(path).flatMap((template) => {
    const operation = openApi.paths[template]?.[method.toLowerCase()]
    return operation ? [{ template, operation }] : []
  })[0]
}

function templatesOf(path: string): string[] {
  const bare = path.split('?', 1)[0] ?? ''
  return Object.keys(openApi.paths)
    .filter((template) => expressionOf(template).test(bare))
    .sort((a, b) => parametersIn(a) - parametersIn(b))
}

const parametersIn = (template: string) => template.split('{').length

/** Parameters that may have slashes are the frontends' and models' alone. */
function expressionOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
  const slashes = /^\/(?:v1|v1beta)\/(?:models|\{path\})|^\/\{backend\}/.test(template)
  return new RegExp(`^${literal.replace(/\{\w+\}/g, slashes ? '.+' : '[^/]+')}$`)
}

/** Fails unless `GET /openapi.json` tells of this answer, and its body is as told: no member more, none less. */
export function expectDocumented(method: string, path: string, status: number, body: unknown): void {
  const said = `${method} ${path} → ${status}`
  expect(templatesOf(path), `${said} has no path`).not.toEqual([])
  const { template = '', operation } = operationOf(method, path) ?? {}
  expect(operation, `${said} has no operation`).toBeDefined()
  const answer = operation?.responses[String(status)]
  expect(answer, `${said} is no documented status`).toBeDefined()
  const [[type = '', documented] = []] = Object.entries(answer?.content ?? {})
  if (documented === undefined) return
  const steps = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content']
  const faults = faultsAt([...steps, type, 'schema'], body)
  if (faults.length > 0) expect.fail(`${said} is not as documented:\n${faults.join('\n')}`)
}

/** The JSON of an answer of our own API, which must be as documented. */
export async function documentedJson(answer: Response, method = 'GET'): Promise<unknown> {
  const body: unknown = await answer.json()
  const { pathname } = new URL(answer.url)
  expectDocumented(method, pathname, answer.status, body)
  return body
}
