import type { ProtocolName } from '../../core/protocol-name.ts'
import type { ErrorMeaning } from './error-meaning.ts'

/** How one protocol's provider says an error. A null status: the backend's own, from 500 on. */
export interface SaidError {
  status: number | null
  type: string
  /** OpenAI only. */
  code: string | null
  param: string | null
}

const openAi = (status: number | null, type: string, code: string): SaidError => ({
  ...{ status, type, code, param: null },
})
const other = (status: number | null, type: string): SaidError => ({ status, type, code: null, param: null })
const invalid = 'invalid_request_error'
const server = 'server_error'

interface Row {
  openAi: SaidError
  /** Where it is not as in openai-chat. */
  responses?: SaidError
  anthropic: SaidError
  gemini: SaidError
  /** The same request cannot succeed. */
  final: boolean
}

/** `reference` §2.10, with the statuses and words that the corpus has. */
const rows: Record<ErrorMeaning | 'overflow', Row> = {
  overflow: {
    openAi: { ...openAi(400, invalid, 'context_length_exceeded'), param: 'messages' },
    responses: { ...openAi(400, invalid, 'context_length_exceeded'), param: 'input' },
    anthropic: other(400, invalid),
    gemini: other(400, 'INVALID_ARGUMENT'),
    final: true,
  },
  invalid: {
    openAi: openAi(400, invalid, invalid),
    anthropic: other(400, invalid),
    gemini: other(400, 'INVALID_ARGUMENT'),
    final: true,
  },
  refused_prompt: {
    openAi: openAi(400, invalid, 'invalid_prompt'),
    anthropic: other(400, invalid),
    gemini: other(400, 'INVALID_ARGUMENT'),
    final: true,
  },
  unknown_key: {
    openAi: openAi(401, invalid, 'invalid_api_key'),
    anthropic: other(401, 'authentication_error'),
    gemini: other(401, 'UNAUTHENTICATED'),
    final: true,
  },
  no_credit: {
    openAi: openAi(429, 'insufficient_quota', 'insufficient_quota'),
    anthropic: other(402, 'billing_error'),
    gemini: other(429, 'RESOURCE_EXHAUSTED'),
    final: true,
  },
  forbidden: {
    openAi: openAi(403, 'permission_error', 'insufficient_permissions'),
    anthropic: other(403, 'permission_error'),
    gemini: other(403, 'PERMISSION_DENIED'),
    final: true,
  },
  unknown_model: {
    openAi: openAi(404, invalid, 'model_not_found'),
    responses: { ...openAi(400, invalid, 'model_not_found'), param: 'model' },
    anthropic: other(404, 'not_found_error'),
    gemini: other(404, 'NOT_FOUND'),
    final: true,
  },
  not_found: {
    openAi: openAi(404, invalid, 'not_found'),
    anthropic: other(404, 'not_found_error'),
    gemini: other(404, 'NOT_FOUND'),
    final: true,
  },
  too_large: {
    openAi: openAi(413, invalid, invalid),
    anthropic: other(413, 'request_too_large'),
    gemini: other(400, 'INVALID_ARGUMENT'),
    final: true,
  },
  conflict: {
    openAi: openAi(409, invalid, 'conflict'),
    anthropic: other(409, invalid),
    gemini: other(409, 'ABORTED'),
    final: false,
  },
  rate_limited: {
    openAi: openAi(429, 'rate_limit_exceeded', 'rate_limit_exceeded'),
    anthropic: other(429, 'rate_limit_error'),
    gemini: other(429, 'RESOURCE_EXHAUSTED'),
    final: false,
  },
  timed_out: {
    openAi: openAi(504, server, server),
    anthropic: other(504, 'timeout_error'),
    gemini: other(504, 'DEADLINE_EXCEEDED'),
    final: false,
  },
  overloaded: {
    openAi: openAi(503, server, server),
    anthropic: other(529, 'overloaded_error'),
    gemini: other(503, 'UNAVAILABLE'),
    final: false,
  },
  failed: {
    openAi: openAi(null, server, server),
    anthropic: other(null, 'api_error'),
    gemini: other(500, 'INTERNAL'),
    final: false,
  },
}

/** How the clients of a protocol are used to hear it, and whether asking again is of no use. */
export function saidIn(to: ProtocolName, meaning: ErrorMeaning | 'overflow'): SaidError & { final: boolean } {
  const row = rows[meaning]
  const said = {
    'openai-chat': row.openAi,
    'openai-responses': row.responses ?? row.openAi,
    'anthropic-messages': row.anthropic,
    gemini: row.gemini,
  }[to]
  return { ...said, final: row.final }
}
