import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Backend } from '../../core/backend.ts'
import { ProxyError } from '../../core/errors.ts'
import { nearest } from '../../core/nearest.ts'
import { protocols } from '../../protocols/index.ts'
import { pairCapabilities } from '../../protocols/translation/capabilities.ts'
import type { ProxyState } from '../../proxy/state.ts'
import { sendApiError } from './send-api-error.ts'

export interface CapabilitiesRoutesParts {
  state: () => ProxyState
}

const filters = ['backend', 'client'] as const

/** `GET /v1/capabilities`: per backend and client protocol, what is carried, dropped, adapted and refused. */
export function addCapabilitiesRoutes(app: FastifyInstance<Server>, parts: CapabilitiesRoutesParts): void {
  app.get('/v1/capabilities', (request, reply) => {
    try {
      const query = readFilters(request.query as Record<string, unknown>)
      return reply.send({ backends: backendsFor(parts.state().backends, query) })
    } catch (thrown) {
      sendApiError(reply, thrown)
      return reply
    }
  })
}

type Filters = Partial<Record<(typeof filters)[number], string>>

function readFilters(query: Record<string, unknown>): Filters {
  for (const [name, value] of Object.entries(query)) {
    if (!(filters as readonly string[]).includes(name)) {
      const near = nearest(name, filters)
      const hint = near === undefined ? `known are ${filters.join(' and ')}` : `did you mean ${near}?`
      throw new ProxyError('bad_request', `no parameter is called "${name}"; ${hint}`, { param: name })
    }
    if (typeof value !== 'string' || value === '') {
      throw new ProxyError('bad_request', `"${name}" wants one value`, { param: name })
    }
  }
  return query as Filters
}

function backendsFor(all: ReadonlyMap<string, Backend>, { backend, client }: Filters): object[] {
  if (client !== undefined && !protocols.some(({ name }) => name === client)) {
    const names = protocols.map(({ name }) => name).join(', ')
    throw new ProxyError('bad_request', `no protocol is called "${client}"; known are ${names}`, {
      param: 'client',
    })
  }
  const chosen = [...all.values()].filter(
    ({ name, type }) => backend === undefined || [name, type].includes(backend),
  )
  if (backend !== undefined && chosen.length === 0) {
    throw new ProxyError('unknown_backend', `no backend is called "${backend}"`, { param: 'backend' })
  }
  return chosen.map((one) => ({
    name: one.name,
    backend_type: one.type,
    protocols: one.protocols,
    untranslatable: one.untranslatable,
    clients: protocols
      .filter(({ name }) => client === undefined || name === client)
      .map((protocol) => capabilitiesAt(one, protocol)),
  }))
}

/** The backend's own words for its clients; for others those of the protocol that it is asked in first. */
function capabilitiesAt(backend: Backend, client: (typeof protocols)[number]): object {
  const [preferred] = backend.protocols
  const spoken = backend.protocols.includes(client.name) ? client.name : preferred
  return pairCapabilities(client, spoken ?? client.name)
}
