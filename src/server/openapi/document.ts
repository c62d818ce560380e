import * as z from 'zod'
import { type ErrorCode, errorKinds } from '../../core/errors.ts'
import { type DocumentedAnswer, doorErrors, keyErrors, type Operation } from './operation.ts'
import { captureOperations } from './operations/capture.ts'
import { frontendOperations } from './operations/frontends.ts'
import { healthOperations } from './operations/health.ts'
import { modelOperations } from './operations/models.ts'
import { replacementOperations } from './operations/replacement.ts'
import { stateOperations } from './operations/state.ts'
import { type UsageQueries, usageOperations } from './operations/usage.ts'
import { frontendError, ownError } from './schemas/errors.ts'
import { components } from './schemas/words.ts'

export interface DocumentParts {
  version: string
  /** What each question about the ledger may be asked with. */
  queries: UsageQueries & { compared: z.ZodObject }
}

const at = (id: string) => `#/components/schemas/${id}`

function allOperations({ queries }: DocumentParts): readonly Operation[] {
  return [
    ...stateOperations,
    ...healthOperations,
    ...usageOperations(queries),
    ...replacementOperations(queries.compared),
    ...captureOperations,
    ...modelOperations,
    ...frontendOperations,
  ]
}

/** `GET /openapi.json`: OpenAPI 3.1 of everything that the proxy answers, made of the schemas that validate. */
export function openApiDocument(parts: DocumentParts): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of allOperations(parts)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) }
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'llmproxy',
      version: parts.version,
      description:
        'Forwards calls to LLM providers, and tells what passed, what it cost and how all of it is.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{}, { header: [] }, { bearer: [] }],
    paths,
    components: { schemas: componentSchemas(), securitySchemes },
  }
}

/** Asked for only where there are access keys. */
const securitySchemes = {
  header: { type: 'apiKey', in: 'header', name: 'x-llmproxy-key' },
  bearer: { type: 'http', scheme: 'bearer' },
}

function described(operation: Operation): object {
  const { id, tag, summary, query, body, isOpen } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(isOpen && { security: [] }),
    parameters: [...pathParameters(operation), ...(query ? queryParameters(query) : [])],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(body.schema, 'input'), example: body.example } },
      },
    }),
    responses: { ...answersOf(operation), ...errorsOf(operation) },
  }
}

function pathParameters({ pathParameters: named = {} }: Operation): object[] {
  return Object.entries(named).map(([name, description]) => ({
    ...{ name, in: 'path', required: true, description, schema: { type: 'string' } },
  }))
}

function queryParameters(query: z.ZodObject): object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string }
    return {
      ...{ name, in: 'query', required: required.includes(name) },
      ...(description && { description }),
      schema: rest,
    }
  })
}

function answersOf({ answers }: Operation): Record<string, object> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      { description: answer.description, ...contentOf(answer) },
    ]),
  )
}

function contentOf({ schema, contentType, example, alsoAs = {} }: DocumentedAnswer): object {
  if (schema === undefined && contentType === undefined) return {}
  const body = schema === undefined ? { type: 'string' } : schemaOf(schema, 'output')
  const others = Object.entries(alsoAs).map(([type, text]) => [
    type,
    { schema: { type: 'string' }, example: text },
  ])
  return {
    content: {
      [contentType ?? 'application/json']: { schema: body, example },
      ...Object.fromEntries(others),
    },
  }
}

/** One answer for each status, with all codes that it may have. */
function errorsOf({ method, errors, answers, isOpen, tag }: Operation): Record<string, object> {
  const all = [...errors, ...doorErrors, ...(isOpen ? [] : keyErrors)]
  const byStatus = new Map<number, Set<ErrorCode>>()
  for (const code of all) {
    const { status } = errorKinds[code]
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code))
  }
  const isOurs = tag !== 'frontends' && tag !== 'models'
  return Object.fromEntries(
    [...byStatus]
      .filter(([status]) => answers[status] === undefined)
      .map(([status, codes]) => [status, method === 'head' ? codesOf(codes) : errorAnswer(codes, isOurs)]),
  )
}

function codesOf(codes: ReadonlySet<ErrorCode>): { description: string } {
  return { description: [...codes].join(', ') }
}

function errorAnswer(codes: ReadonlySet<ErrorCode>, isOurs: boolean): object {
  const message = 'what happened, and what to do'
  const [code] = codes
  const example = { error: isOurs ? { code, message } : { message, type: 'api_error', param: null, code } }
  const schema = schemaOf(isOurs ? ownError : frontendError, 'output')
  return { ...codesOf(codes), content: { 'application/json': { schema, example } } }
}

/** Where it has a name, only that. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const id = components.get(schema)?.id
  if (id !== undefined) return { $ref: at(id) }
  return bare(z.toJSONSchema(schema, { io }))
}

function componentSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(components, { uri: at, io: 'output' })
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]))
}

function bare({ $schema: _dialect, $id: _id, ...schema }: Record<string, unknown>): object {
  return schema
}
