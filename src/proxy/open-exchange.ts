import type { Exchange } from '../core/exchange.ts'
import { type HeaderPairs, headerValue } from '../core/http.ts'
import { printable } from '../core/printable.ts'
import type { FrontendCall } from './call.ts'
import type { ProxyServices } from './state.ts'

const maxTags = 8
const noTags: Readonly<Record<string, string>> = Object.freeze(Object.create(null) as Record<string, string>)

/** A new exchange, with what is known before its body is read. */
export function openExchange(call: FrontendCall, services: ProxyServices): Exchange {
  const { route, headers, request } = call
  const { redactText } = services
  return {
    id: services.nextExchangeId(),
    openedAtMs: services.clock.nowMs(),
    openedNs: services.clock.monotonicNs(),
    frontend: route.protocol,
    method: request.method ?? 'GET',
    path: route.path,
    callPurpose: route.kind === 'count_tokens' ? 'count_tokens' : purposeOf(route.kind, route.path),
    requestedModel: route.inPath?.model ?? null,
    stream: route.inPath?.stream ?? false,
    session: null,
    userAgent: cut(headerValue(headers, 'user-agent'), redactText),
    clientApp: null,
    appTitle: cut(headerValue(headers, 'x-title'), redactText),
    proxyUser: call.caller.name,
    tags: tagsOf(headers, redactText),
    replacement: null,
    attempts: [],
    status: null,
    outcome: null,
    incompleteReason: null,
    error: null,
    receivedNs: null,
    firstContentNs: null,
    closedNs: null,
    requestBytes: 0,
    answerBytes: 0,
    longestGapNs: 0,
    clientBlockedNs: 0,
    clientIsBehind: false,
    clientTurnedNs: null,
    writtenNs: null,
    queuedNs: 0,
    inLine: null,
    plannedAttempts: 0,
    clientGoneNs: null,
  }
}

function purposeOf(kind: FrontendCall['route']['kind'], path: string): Exchange['callPurpose'] {
  if (kind === 'generate') return 'chat'
  return /embed/i.test(path) ? 'embedding' : 'other'
}

/** `x-llmproxy-tags: project=web,job=nightly`, at most eight. */
function tagsOf(
  headers: HeaderPairs,
  redactText: (text: string) => string,
): Readonly<Record<string, string>> {
  const sent = headerValue(headers, 'x-llmproxy-tags')
  if (sent === undefined) return noTags
  const tags: Record<string, string> = Object.create(null) as Record<string, string>
  const parts = redactText(sent).split(',').slice(0, maxTags)
  for (const part of parts) {
    const [name, ...value] = part.split('=')
    if (name?.trim() && value.length > 0)
      tags[printable(name.trim(), 64)] = printable(value.join('=').trim(), 128)
  }
  return tags
}

/** Redacted before it is cut: what is left of a cut secret is not recognised. */
function cut(text: string | undefined, redactText: (text: string) => string): string | null {
  return text === undefined ? null : printable(redactText(text), 256)
}
