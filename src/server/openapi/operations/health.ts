import { healthExample } from '../examples/health.ts'
import { liveExample } from '../examples/live.ts'
import { eventsExample } from '../examples/small.ts'
import { adminErrors, type Operation } from '../operation.ts'
import { backendReset, health } from '../schemas/health.ts'
import { liveSnapshot } from '../schemas/live.ts'
import { liveQuery } from '../schemas/queries.ts'

const report = { 200: { description: 'How all of it is', schema: health, example: healthExample } }

export const healthOperations: readonly Operation[] = [
  {
    ...{ method: 'get', path: '/internal/health', id: 'getHealth', tag: 'health' },
    summary: 'How endpoints, backends, the ledger and the capture are',
    answers: report,
    errors: [...adminErrors, 'internal'],
  },
  {
    ...{ method: 'post', path: '/internal/health/check', id: 'checkHealth', tag: 'health' },
    summary: 'Checks all endpoints now',
    answers: report,
    errors: [...adminErrors, 'internal'],
  },
  {
    ...{ method: 'post', path: '/internal/backends/{name}/reset', id: 'resetBackend', tag: 'health' },
    summary: 'Closes a backend’s circuit, so that it is asked again',
    pathParameters: { name: 'The backend’s name' },
    answers: {
      200: {
        description: 'It is closed',
        schema: backendReset,
        example: { name: 'openai.eu', reset: true },
      },
    },
    errors: [...adminErrors, 'unknown_backend'],
  },
  {
    ...{ method: 'get', path: '/internal/live', id: 'getLive', tag: 'live' },
    summary: 'What is in flight now, and what the last five minutes were like',
    query: liveQuery,
    answers: { 200: { description: 'What llmproxy top draws', schema: liveSnapshot, example: liveExample } },
    errors: [...adminErrors, 'bad_request', 'internal'],
  },
  {
    ...{ method: 'get', path: '/internal/events', id: 'getEvents', tag: 'live' },
    summary: 'What happens, as it happens',
    answers: {
      200: {
        description:
          'Server-sent events: exchange.opened, exchange.first_output, exchange.closed, backend.state, endpoint.health, replacement, issue',
        contentType: 'text/event-stream',
        example: eventsExample,
      },
    },
    errors: [...adminErrors],
  },
]
