import { capabilitiesExample } from '../examples/capabilities.ts'
import { metricsExample } from '../examples/small.ts'
import { adminErrors, type Operation } from '../operation.ts'
import { capabilities } from '../schemas/capabilities.ts'
import { capabilitiesQuery } from '../schemas/queries.ts'
import { alive, anything, notReady, ready } from '../schemas/small.ts'

const isAlive = { 200: { description: 'It runs', schema: alive, example: { status: 'ok' } } }
const isReady = {
  200: { description: 'A backend is usable', schema: ready, example: { status: 'ready' } },
  503: { description: 'None is', schema: notReady, example: { status: 'no usable backend' } },
}
/** An answer to HEAD has no body. */
const headOf = (answers: Operation['answers']): Operation['answers'] =>
  Object.fromEntries(Object.entries(answers).map(([status, { description }]) => [status, { description }]))

const open = { tag: 'state', errors: [], isOpen: true } as const

export const stateOperations: readonly Operation[] = [
  { ...open, method: 'get', path: '/', id: 'getRoot', summary: 'Whether it runs', answers: isAlive },
  {
    ...{ ...open, method: 'head', path: '/', id: 'headRoot', summary: 'Whether it runs' },
    answers: headOf(isAlive),
  },
  { ...open, method: 'get', path: '/healthz', id: 'getAlive', summary: 'Whether it runs', answers: isAlive },
  {
    ...{ ...open, method: 'head', path: '/healthz', id: 'headAlive', summary: 'Whether it runs' },
    answers: headOf(isAlive),
  },
  {
    ...{ ...open, method: 'get', path: '/readyz', id: 'getReady' },
    summary: 'Whether an exchange could be served now',
    answers: isReady,
  },
  {
    ...{ ...open, method: 'head', path: '/readyz', id: 'headReady' },
    summary: 'Whether an exchange could be served now',
    answers: headOf(isReady),
  },
  {
    ...{ method: 'get', path: '/metrics', id: 'getMetrics', tag: 'metrics' },
    summary: 'Everything that is counted, as Prometheus reads it',
    answers: {
      200: {
        description: 'Its text format, version 0.0.4',
        contentType: 'text/plain',
        example: metricsExample,
      },
    },
    errors: [...adminErrors, 'internal'],
  },
  {
    ...{ method: 'get', path: '/openapi.json', id: 'getOpenapi', tag: 'state' },
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', schema: anything, example: { openapi: '3.1.0' } } },
    errors: [],
  },
  {
    ...{ method: 'get', path: '/v1/capabilities', id: 'getCapabilities', tag: 'state' },
    summary: 'What is carried between a client’s protocol and a backend’s, dropped, adapted and refused',
    query: capabilitiesQuery,
    answers: {
      200: {
        description: 'By backend and client protocol',
        schema: capabilities,
        example: capabilitiesExample,
      },
    },
    errors: ['bad_request', 'unknown_backend'],
  },
]
