import type { IncomingMessage, Server } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ClientCredential, clientCredential } from '../../backends/client-credential.ts'
import { chooseCredential } from '../../backends/credentials.ts'
import type { Backend } from '../../core/backend.ts'
import { asProxyError } from '../../core/errors.ts'
import { type HeaderPairs, headerPairs } from '../../core/http.ts'
import type { ProviderFamily } from '../../core/protocol.ts'
import { findModelEntry, type ModelEntry, modelEntries } from '../../models/model-entries.ts'
import type { ModelLists } from '../../models/model-lists.ts'
import { modelAnswer, modelListAnswer } from '../../models/model-shapes.ts'
import { protocolNamed } from '../../protocols/index.ts'
import type { ProxyState } from '../../proxy/state.ts'
import { type Caller, mayUse } from '../access/caller.ts'
import { protocolOfPath } from '../frontends/match.ts'
import { sendError } from '../send-error.ts'

export interface ModelRoutesParts {
  state: () => ProxyState
  lists: ModelLists
  callerOf: (request: IncomingMessage) => Caller
  nextId: () => string
  redactText: (text: string) => string
}

/** `GET /v1/models`, `/v1/models/{id}` and `/v1beta/models`, in the shape of the client's family. */
export function addModelRoutes(app: FastifyInstance<Server>, parts: ModelRoutesParts): void {
  for (const prefix of ['/v1', '/v1beta']) {
    app.get(`${prefix}/models`, (request, reply) =>
      answer(parts, request, reply, (family, entries) => modelListAnswer(family, entries)),
    )
    app.get(`${prefix}/models/*`, (request, reply) =>
      answer(parts, request, reply, (family, entries) => {
        const { '*': id } = request.params as { '*': string }
        return modelAnswer(family, findModelEntry(entries, id))
      }),
    )
  }
}

async function answer(
  parts: ModelRoutesParts,
  request: FastifyRequest,
  reply: FastifyReply,
  write: (family: ProviderFamily, entries: ModelEntry[]) => unknown,
): Promise<FastifyReply> {
  try {
    const headers = headerPairs(request.raw.rawHeaders)
    const rawUrl = request.raw.url ?? '/'
    const { family } = protocolNamed(protocolOfPath(rawUrl, headers))
    const caller = parts.callerOf(request.raw)
    return reply.send(write(family, await entriesFor(parts, family, headers, rawUrl, caller)))
  } catch (thrown) {
    sendError(asProxyError(thrown), request.raw, reply.raw, parts)
    return reply.hijack()
  }
}

async function entriesFor(
  { state, lists }: ModelRoutesParts,
  family: ProviderFamily,
  headers: HeaderPairs,
  rawUrl: string,
  caller: Caller,
): Promise<ModelEntry[]> {
  const { backends, isAccessKey } = state()
  const accessKeyHeader = caller.kind === 'key' ? caller.accessKeyHeader : null
  const credential = clientCredential(headers, rawUrl, accessKeyHeader, isAccessKey)
  const all = [...backends.values()]
  const found = new Map<Backend, readonly string[]>()
  await Promise.all(
    all.map(async (backend) => {
      const list = await listFor(lists, backend, family, credential)
      if (list) found.set(backend, list)
    }),
  )
  return modelEntries({
    family,
    backends: all,
    listOf: (backend) => found.get(backend),
    mayUse: (target) => mayUse(caller, target),
  })
}

/** A backend that the caller could not use has no models for it. */
function listFor(
  lists: ModelLists,
  backend: Backend,
  family: ProviderFamily,
  credential: ClientCredential | null,
): Promise<readonly string[] | undefined> {
  const choice = chooseCredential(backend, credential, { family, pinned: false })
  if (choice.kind === 'missing')
    return Promise.resolve(backend.models.length > 0 ? backend.models : undefined)
  return lists.fetched(backend, choice.kind === 'client' ? choice : { kind: 'proxy' })
}
