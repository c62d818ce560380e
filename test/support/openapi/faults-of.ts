import { type ErrorCode, errorKinds } from '../../../src/core/errors.ts'
import { version } from '../../../src/server/version.ts'
import { type Documented, type DocumentedOperation, faultsAt, operationOf } from '../openapi.ts'
import type { RecordedAnswer } from './record-answers.js'

/** The shapes in which an error of the proxy's own leaves, and where each has its code. */
const errorShapes: Readonly<Record<string, (body: never) => ErrorCode>> = {
  Error: (body: { error: { code: ErrorCode } }) => body.error.code,
  RefusedAtTheDoor: (body: { error: { code: ErrorCode } }) => body.error.code,
  AnthropicError: (body: { error: { details: { error_code: ErrorCode } } }) => body.error.details.error_code,
  GeminiError: (body: { error: { details: [{ reason: string }] } }) =>
    body.error.details[0].reason.toLowerCase() as ErrorCode,
}

/** In what an answer is not as `GET /openapi.json` tells of it: status, type, body, the code of an error. */
export function faultsOf(answer: RecordedAnswer): string[] {
  const { method, url, status } = answer
  // What a browser asks first is no operation, and what says another version is a test's own.
  if (method === 'OPTIONS' || (answer.version ?? version) !== version) return []
  const found = operationOf(method, pathOf(url))
  const faults = found ? faultsIn(answer, found) : faultsOfRefusal(answer)
  if (faults.length === 0) return []
  const body = answer.body?.slice(0, 500) ?? 'no whole body'
  return [
    `${method} ${url} → ${status}: ${faults
      .slice(0, 4)
      .map((fault) => fault.slice(0, 200))
      .join('\n  ')}\n  of ${body}`,
  ]
}

/** As the router reads it: `/%69nternal` and `http://HOST/internal` lead to the same place. */
function pathOf(url: string): string {
  const path = url.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] || '/'
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

interface Found {
  template: string
  operation: DocumentedOperation
}

function faultsIn(answer: RecordedAnswer, { template, operation }: Found): string[] {
  const status = String(answer.status)
  // `default` is for what a backend answered; of what is ours each status is known.
  const key = operation.responses[status] || answer.backend === null ? status : 'default'
  const documented = operation.responses[key]
  if (!documented) return ['is no documented status']
  const steps = ['paths', template, answer.method.toLowerCase(), 'responses', key, 'content']
  // What a backend refuses with has any shape, and any type.
  const isBackends = answer.backend !== null && (answer.status >= 400 || key === 'default')
  return [
    ...(isBackends ? [] : faultsOfContent(answer, documented.content ?? {}, steps)),
    ...(key === 'default' ? [] : faultsOfCode(answer, documented.description)),
  ]
}

function faultsOfContent(
  answer: RecordedAnswer,
  content: Readonly<Record<string, Documented>>,
  steps: readonly string[],
): string[] {
  const { body, contentType, method } = answer
  if (body === null || answer.encoding !== null) return []
  if (method === 'HEAD' || Object.keys(content).length === 0) return body === '' ? [] : ['has a body']
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? 'none'
  if (content[type] === undefined && content['*/*'] !== undefined) return []
  if (content[type] === undefined) return [`${type} is no documented type`]
  return faultsAt([...steps, type, 'schema'], type.endsWith('/json') ? parsed(body) : body)
}

/** Of a path or method that is not documented there is nothing but errors. */
function faultsOfRefusal(answer: RecordedAnswer): string[] {
  return answer.status < 400 ? ['has no operation'] : faultsOfCode(answer, null)
}

/** `described`: the codes that the operation has at this status, or other words; null: any. */
function faultsOfCode(answer: RecordedAnswer, described: string | null): string[] {
  const { status, body, backend, contentType } = answer
  if (status < 400 || !body || contentType?.startsWith('application/json') !== true) return []
  const code = codeOf(parsed(body))
  const told = described?.split(', ')
  if (code !== undefined) {
    // A backend's refusal in the client's protocol keeps its status: it is among what else backends answer.
    const isTold = !told || told.includes(code) || (backend !== null && errorKinds[code].status !== status)
    return isTold ? [] : [`the code ${code} is not documented here`]
  }
  // What a backend said itself has no code of ours, nor has the state that `/readyz` is.
  const isOurs = backend === null && (!told || told.every((word) => Object.hasOwn(errorKinds, word)))
  return isOurs ? ['is in no shape of an error'] : []
}

function codeOf(body: unknown): ErrorCode | undefined {
  const shape = Object.entries(errorShapes).find(
    ([name]) => faultsAt(['components', 'schemas', name], body).length === 0,
  )
  return shape?.[1](body as never)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return `no JSON: ${text.slice(0, 100)}`
  }
}
