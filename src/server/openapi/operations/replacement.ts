import type { z } from 'zod'
import { optOutBody } from '../../routes/api-bodies.ts'
import { replacementExample } from '../examples/replacement.ts'
import type { Operation } from '../operation.ts'
import { metricsReset, optedIn, optedOut, replacementMetrics } from '../schemas/replacement.ts'

const tag = 'replacement'
const session_id = 'my-session'

/** `compared`: the window that its effectiveness may be asked for. */
export function replacementOperations(compared: z.ZodObject): readonly Operation[] {
  return [
    {
      ...{ method: 'get', path: '/v1/replacement/metrics', id: 'getReplacementMetrics', tag },
      summary: 'What random replacement did; zeros and enabled: false where it is off',
      query: compared,
      answers: {
        200: {
          description: 'Counted since the start',
          schema: replacementMetrics,
          example: replacementExample,
        },
      },
      errors: ['bad_request', 'ledger_failed', 'internal'],
    },
    {
      ...{ method: 'post', path: '/v1/replacement/metrics/reset', id: 'resetReplacementMetrics', tag },
      summary: 'Counts from zero again',
      answers: { 200: { description: 'It does', schema: metricsReset, example: { reset: true } } },
      errors: ['role_refused', 'internal'],
    },
    {
      ...{ method: 'post', path: '/v1/replacement/opt-out', id: 'optOut', tag },
      summary: 'Leaves a session alone',
      body: { schema: optOutBody, example: { session_id } },
      answers: {
        200: {
          description: 'Its requests are not replaced from now on',
          schema: optedOut,
          example: { session_id, opted_out: true },
        },
      },
      errors: ['bad_request', 'body_too_large', 'internal'],
    },
    {
      ...{ method: 'delete', path: '/v1/replacement/opt-out/{session_id}', id: 'optIn', tag },
      summary: 'Takes an opt-out back',
      pathParameters: { session_id: 'The session' },
      answers: {
        200: { description: 'It is taken back', schema: optedIn, example: { session_id, opted_out: false } },
      },
      errors: ['unknown_session', 'internal'],
    },
  ]
}
