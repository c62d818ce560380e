import type { Attempt, Exchange } from '../core/exchange.ts'
import { printable } from '../core/printable.ts'
import { clockTime, dollars, duration, tokenCount } from './format.ts'

/** A client program's short name, from its full one. */
export type ShortName = (clientApp: string) => string

/** Overwrites secrets in a text; runs before it is cut, for what is left of a cut secret is not recognised. */
export type RedactText = (text: string) => string

const asItIs = (text: string): string => text
const printedIdLength = 12
const maxNameLength = 48
const maxErrorLength = 60

/**
 * One finished exchange in one line (`spec/cli.md`): time, client, model and the backends asked, status, tokens
 * in and out, time to first content, whole time, what went wrong, id. What is not known is left out or `—`.
 */
export function exchangeLine(
  exchange: Exchange,
  shortName: ShortName = asItIs,
  redactText: RedactText = asItIs,
  costUsd: number | null = null,
): string {
  const { closedNs } = exchange
  const parts = [
    clockTime(exchange.openedAtMs + (closedNs ?? 0) / 1e6),
    clientOf(exchange, shortName),
    routeOf(exchange, redactText),
    exchange.attempts.at(-1)?.replaces ? 'replaced' : '',
    exchange.status === null ? '—' : String(exchange.status),
    tokensOf(exchange),
    exchange.firstContentNs === null ? '' : `ttft ${duration(ttftMs(exchange) ?? 0)}`,
    closedNs === null ? '' : duration(closedNs / 1e6),
    costUsd === null ? '' : dollars(costUsd),
    retriesOf(exchange.attempts),
    faultOf(exchange, redactText),
    droppedOf(exchange.attempts),
    shortId(exchange),
  ]
  return parts.filter((part) => part !== '').join('  ')
}

/** The line of an exchange that is still waiting for its first content. */
export function waitingLine(
  exchange: Exchange,
  nowMs: number,
  shortName: ShortName = asItIs,
  redactText: RedactText = asItIs,
): string {
  const waited = duration(nowMs - exchange.openedAtMs)
  const parts = [
    clockTime(nowMs),
    clientOf(exchange, shortName),
    routeOf(exchange, redactText),
    `waiting ${waited} for first output`,
    retriesOf(exchange.attempts),
    shortId(exchange),
  ]
  return parts.filter((part) => part !== '').join('  ')
}

/** Milliseconds from the request's last byte to its first content; null while there is none. */
export function ttftMs(exchange: Exchange): number | null {
  const { firstContentNs, receivedNs } = exchange
  return firstContentNs === null ? null : Math.max(0, firstContentNs - (receivedNs ?? 0)) / 1e6
}

function clientOf({ clientApp, frontend }: Exchange, shortName: ShortName): string {
  return name(clientApp === null ? frontend : shortName(clientApp))
}

/** `sonnet → anthropic`, with every backend asked, and the model there if it is another one. */
function routeOf({ requestedModel, attempts }: Exchange, redactText: RedactText): string {
  const asked = requestedModel ?? '—'
  const backends = attempts
    .filter((attempt, i) => attempt.backend !== attempts[i - 1]?.backend)
    .map((attempt) => backendOf(attempt, requestedModel))
  return [asked, ...backends].map((text) => name(redactText(text))).join(' → ')
}

function backendOf({ backend, model }: Attempt, requestedModel: string | null): string {
  const sameModel = model === null || model === requestedModel || requestedModel === `${backend}:${model}`
  return sameModel ? backend : `${backend}:${model}`
}

function tokensOf({ attempts }: Exchange): string {
  const usage = attempts.at(-1)?.usage
  return usage ? `${tokenCount(usage.promptTokens)}→${tokenCount(usage.completionTokens)}` : ''
}

/** Attempts at the backend that had just been asked: others show in the route. */
function retriesOf(attempts: readonly Attempt[]): string {
  const retries = attempts.filter((attempt, i) => attempt.backend === attempts[i - 1]?.backend).length
  return retries > 1 ? `retry ×${retries}` : retries === 1 ? 'retry' : ''
}

/** What translating could not carry. */
function droppedOf(attempts: readonly Attempt[]): string {
  const dropped = attempts.at(-1)?.dropped ?? []
  return dropped.length > 0 ? `dropped ${printable(dropped.join(','), maxErrorLength)}` : ''
}

function faultOf({ outcome, error, incompleteReason }: Exchange, redactText: RedactText): string {
  if (incompleteReason === 'client_disconnect') return 'client left'
  const words = error ? printable(redactText(error.message), maxErrorLength) : ''
  const reason = outcome === 'incomplete' ? (incompleteReason ?? 'incomplete').replaceAll('_', ' ') : ''
  return [reason, words].filter((part) => part !== '').join(': ')
}

function name(text: string): string {
  return printable(text, maxNameLength)
}

function shortId({ id }: Exchange): string {
  return id.slice(0, printedIdLength)
}
