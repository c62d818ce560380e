/**
 * The HTTP statuses that providers' own words for an error stand for (`reference` tables of the vendors:
 * docs.anthropic.com/en/api/errors, platform.openai.com/docs/guides/error-codes, google.rpc.Code). Needed for
 * errors inside a stream that began with 200.
 */
const statusByWord: ReadonlyMap<string, number> = new Map([
  // Anthropic types
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
  // OpenAI codes and types, and those of its followers
  ['invalid_api_key', 401],
  ['insufficient_permissions', 403],
  ['model_not_found', 404],
  ['context_length_exceeded', 400],
  ['content_filter', 400],
  ['content_policy_violation', 400],
  ['tool_use_failed', 400],
  ['json_validate_failed', 400],
  ['invalid_prompt', 400],
  ['insufficient_quota', 429],
  ['rate_limit_exceeded', 429],
  ['requests', 429],
  ['tokens', 429],
  ['server_error', 500],
  ['internal_server_error', 500],
  ['internal_error', 500],
  ['service_unavailable', 503],
  ['service_unavailable_error', 503],
  ['server_is_overloaded', 503],
  ['slow_down', 503],
  ['overloaded', 503],
  ['timeout', 504],
  // google.rpc.Code
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['OUT_OF_RANGE', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ABORTED', 409],
  ['ALREADY_EXISTS', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['CANCELLED', 499],
  ['INTERNAL', 500],
  ['UNKNOWN', 500],
  ['DATA_LOSS', 500],
  ['UNIMPLEMENTED', 501],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
])

/** The status of the first word that has one; null when none has. */
export function statusOfWords(...words: readonly (string | null)[]): number | null {
  for (const word of words) {
    const status = word === null ? undefined : statusByWord.get(word)
    if (status !== undefined) return status
  }
  return null
}
