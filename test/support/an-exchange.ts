import type { Attempt, Exchange } from '../../src/core/exchange.ts'

/** An exchange that went well: one attempt, complete, after 14.2 s. */
export function anExchange(changed: Partial<Exchange> = {}): Exchange {
  return {
    id: 'x_8f2k3m9q0a1b2c3d4e5f',
    openedAtMs: new Date(2026, 10, 23, 13, 4, 5, 800).getTime(),
    openedNs: 0,
    frontend: 'anthropic-messages',
    method: 'POST',
    path: '/v1/messages',
    callPurpose: 'chat',
    requestedModel: 'sonnet-4-5',
    stream: true,
    session: { id: 's1', turn: 3 },
    userAgent: 'claude-cli/2.0',
    clientApp: 'claude',
    appTitle: null,
    proxyUser: null,
    tags: {},
    attempts: [anAttempt()],
    status: 200,
    outcome: 'complete',
    incompleteReason: null,
    error: null,
    receivedNs: 10e6,
    firstContentNs: 410e6,
    closedNs: 14_200e6,
    requestBytes: 0,
    answerBytes: 0,
    longestGapNs: 0,
    clientBlockedNs: 0,
    queuedNs: 0,
    clientGoneNs: null,
    ...changed,
  }
}

export function anAttempt(changed: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    backend: 'anthropic',
    backendType: 'anthropic',
    model: 'sonnet-4-5',
    protocol: 'anthropic-messages',
    billing: 'api',
    dropped: [],
    startedNs: 0,
    sentNs: null,
    status: 200,
    firstByteNs: null,
    firstContentNs: null,
    lastByteNs: null,
    endedNs: null,
    reason: null,
    error: null,
    responseModel: null,
    upstreamRequestId: null,
    usage: { promptTokens: 48_210, completionTokens: 1190 },
    stop: 'stop',
    toolNames: [],
    ...changed,
  }
}
