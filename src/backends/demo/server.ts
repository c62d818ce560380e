import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../../core/clock.ts'
import { ProxyError } from '../../core/errors.ts'
import { type JsonObject, stringAt } from '../../core/json.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { errorAnswer } from './errors.ts'
import { generate } from './generate.ts'
import { countPrompt } from './mind.ts'
import { checkModel, describedModel, modelList } from './model-list.ts'
import { bodyOf, jsonOf, promptOf } from './reading.ts'
import { type Route, routeOf } from './routes.ts'
import { sendJson } from './sending.ts'

export interface Demo {
  /** `http://127.0.0.1:PORT`; routes lie directly under it. */
  url: string
  /** Ends the listener and whatever streams. */
  close(): Promise<void>
}

/**
 * Starts the demo: a real listener on an ephemeral loopback port that speaks all four protocols and answers
 * deterministically, so that every leg of an exchange is real bytes.
 */
export async function startDemo(clock: Clock = systemClock): Promise<Demo> {
  const server = createServer((request, response) => {
    const route = routeOf(request.method ?? 'GET', request.url ?? '/', request.headers)
    answerRoute(route, request, response, clock).catch((thrown: unknown) => {
      const { status, body } = errorAnswer(thrown, route.protocol)
      if (response.headersSent) response.destroy()
      else sendJson(response, status, body, route.protocol)
    })
  })
  // Longer than any client's pool keeps a connection, so that none is closed under a request.
  server.keepAliveTimeout = 10 * 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answerRoute(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): Promise<void> {
  if (route.kind === 'generate') generate(route, await bodyOf(request), response, clock)
  else sendJson(response, 200, await jsonFor(route, request), route.protocol)
}

async function jsonFor(
  route: Exclude<Route, { kind: 'generate' }>,
  request: IncomingMessage,
): Promise<JsonObject> {
  switch (route.kind) {
    case 'alive':
      return { status: 'ok' }
    case 'models':
      if (route.model === null) return modelList(route.family)
      return describedModel(route.family, route.model)
    case 'count': {
      const body = jsonOf(await bodyOf(request))
      checkModel(route.model ?? stringAt(body, 'model'))
      return countAnswer(route.protocol, countPrompt(promptOf(body, route.protocol)))
    }
    case 'none':
      throw new ProxyError('unknown_route', `the demo has no ${request.method} ${request.url?.split('?')[0]}`)
  }
}

function countAnswer(protocol: ProtocolName, tokens: number): JsonObject {
  switch (protocol) {
    case 'gemini':
      return { totalTokens: tokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }] }
    case 'openai-responses':
      return { object: 'response.input_tokens', input_tokens: tokens }
    default:
      return { input_tokens: tokens }
  }
}
