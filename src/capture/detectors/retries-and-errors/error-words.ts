import type { Trouble } from './trouble.ts'

type Said = Pick<Trouble, 'status' | 'message' | 'type' | 'code' | 'kind'>

const limitWords =
  /^(?:rate_limit|requests$|tokens$|insufficient_quota$|overloaded|server_is_overloaded$|resource_exhausted$|too_many_requests$)/i
const limitSentence =
  /\btoo many requests\b|\brate[ _-]limit(?:ed\b|s? (?:was |is )?(?:reached|exceeded|hit))/i
const quotaWords =
  /^(?:insufficient_quota|billing_|quota_exhausted$|insufficient_(?:credits|balance|funds)$|out_of_credits$)/i
const quotaSentence =
  /\bcredit balance\b|\binsufficient (?:credits?|balance|funds|quota)\b|\b(?:out of|more|no) credits\b|\bbilling (?:details|hard limit|is not active|account)\b|\bexceeded your current quota\b/i
const authWords =
  /^(?:authentication_error|permission_(?:error|denied)|invalid_(?:api_key|authentication|token)|unauthenticated|unauthorized|insufficient_permissions|(?:access_)?token_expired|expired_token|api_key_(?:invalid|expired|service_blocked)|account_deactivated)$/i

/** Statuses that gateways put around a limit's own words. */
const wrappers: readonly (number | null)[] = [null, 400, 403, 500, 502, 503]
const payable: readonly (number | null)[] = [null, 400, 402, 403, 429]

/** Reference §4.2, 21: by status, type or code; by its words where the status is another one. */
export function isRateLimit(said: Said): boolean {
  if (said.kind !== 'told' && (said.status === 429 || said.status === 529)) return true
  if (isNamed(said, limitWords) || (said.kind === 'told' && (said.status === 429 || said.status === 529)))
    return true
  return wrappers.includes(said.status) && limitSentence.test(start(said.message))
}

/** 22: it is paid for, not waited for. Google says the same words of a quota of a minute. */
export function isQuota(said: Said): boolean {
  if (said.status === 402 || isNamed(said, quotaWords)) return true
  if (isNamed(said, /^resource_exhausted$/i)) return false
  return payable.includes(said.status) && quotaSentence.test(start(said.message))
}

/** 26. */
export function isAuth(said: Said): boolean {
  if (isQuota(said)) return false
  return said.status === 401 || said.status === 403 || isNamed(said, authWords)
}

function isNamed({ type, code }: Said, words: RegExp): boolean {
  return words.test(type ?? '') || words.test(code ?? '')
}

/** Messages may quote a whole request. */
function start(message: string): string {
  return message.slice(0, 500)
}
