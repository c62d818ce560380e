import type { ProxyError } from '../../core/errors.ts'

/** What a provider's error means, in no provider's words. */
export type ErrorMeaning =
  | 'invalid'
  | 'refused_prompt'
  | 'unknown_key'
  | 'no_credit'
  | 'forbidden'
  | 'unknown_model'
  | 'not_found'
  | 'too_large'
  | 'conflict'
  | 'rate_limited'
  | 'timed_out'
  | 'overloaded'
  | 'failed'

/** Words that say more than the status beside them, from vendors' error tables and from recorded answers. */
const meaningByWord: ReadonlyMap<string, ErrorMeaning> = new Map<string, ErrorMeaning>([
  ['content_filter', 'refused_prompt'],
  ['content_policy_violation', 'refused_prompt'],
  ['invalid_prompt', 'refused_prompt'],
  ['invalid_api_key', 'unknown_key'],
  ['API_KEY_INVALID', 'unknown_key'],
  ['authentication_error', 'unknown_key'],
  ['UNAUTHENTICATED', 'unknown_key'],
  ['insufficient_quota', 'no_credit'],
  ['billing_hard_limit_reached', 'no_credit'],
  ['billing_not_active', 'no_credit'],
  ['billing_error', 'no_credit'],
  ['permission_error', 'forbidden'],
  ['PERMISSION_DENIED', 'forbidden'],
  ['model_not_found', 'unknown_model'],
  ['request_too_large', 'too_large'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['rate_limit_error', 'rate_limited'],
  ['RESOURCE_EXHAUSTED', 'rate_limited'],
  ['timeout_error', 'timed_out'],
  ['DEADLINE_EXCEEDED', 'timed_out'],
  ['overloaded_error', 'overloaded'],
  ['server_is_overloaded', 'overloaded'],
  ['slow_down', 'overloaded'],
  ['UNAVAILABLE', 'overloaded'],
])

/** Anthropic and others say it with status 400 and a word for any mistake. */
const noCredit = /credit balance is too low|insufficient (?:account )?(?:balance|credits|funds)/i
const ofModel = /\bmodels?\b/i

const meaningByStatus: ReadonlyMap<number, ErrorMeaning> = new Map<number, ErrorMeaning>([
  [401, 'unknown_key'],
  [402, 'no_credit'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [408, 'timed_out'],
  [409, 'conflict'],
  [413, 'too_large'],
  [429, 'rate_limited'],
  // Groq: the capacity of its flex tier.
  [498, 'overloaded'],
  [503, 'overloaded'],
  [504, 'timed_out'],
  // Cloudflare, in front of many: the origin took too long.
  [524, 'timed_out'],
  [529, 'overloaded'],
])

/** Takes the provider's words before the status: gateways answer 200 or 502 around another's error. */
export function meaningOf(error: ProxyError): ErrorMeaning {
  if (error.status < 500 && noCredit.test(error.message)) return 'no_credit'
  const meaning =
    meaningByWord.get(error.providerCode ?? '') ??
    meaningByWord.get(error.providerType ?? '') ??
    meaningByStatus.get(error.status) ??
    (error.status >= 400 && error.status < 500 ? 'invalid' : 'failed')
  return meaning === 'not_found' && ofModel.test(error.message) ? 'unknown_model' : meaning
}
