import type { ChoiceEnd } from '../../core/event.ts'
import type { Attempt, Exchange } from '../../core/exchange.ts'
import { filledWindow } from '../detectors/context/context-near-limit.ts'
import type { Severity, Thresholds } from '../detectors/detector.ts'
import type { ModelKnowledge } from '../detectors/ports.ts'
import { secondsText } from '../view/durations.ts'
import type { LoopingTool } from './tool-loops.ts'
import { type LiveFinding, silence } from './waits.ts'
import type { WatchedExchange } from './watched-exchange.ts'

/** Of what was paid for, so much in thoughts is all of it. */
const eatenShare = 0.8

export interface ClosedParts {
  loop: LoopingTool | null
  thresholds: Thresholds
  contextWindow: ModelKnowledge['contextWindow']
}

/** How it went, now that it is over. */
export function* closedFindings(
  watched: WatchedExchange,
  { loop, thresholds, contextWindow }: ClosedParts,
): Iterable<LiveFinding> {
  const { exchange } = watched
  const last = exchange.attempts.at(-1)
  if (exchange.incompleteReason === 'client_disconnect') yield disconnect(exchange)
  if (!last) return
  const gapSeconds = exchange.longestGapNs / 1e9
  // A client that reads slowly makes the proxy stop reading: that is nobody's silence.
  const isHeldUp = exchange.clientBlockedNs * 2 > exchange.longestGapNs
  const stalled = isHeldUp ? null : silence(last, gapSeconds, last.startedNs, thresholds)
  if (stalled) yield stalled
  yield* cut(exchange)
  if (exchange.outcome === 'complete') {
    yield* completed(watched, last)
    const filled = nearLimit(watched, last, contextWindow, thresholds.contextWarnRatio)
    if (filled) yield filled
  }
  const first = exchange.attempts.find(({ backend, error }) => error !== null && backend !== last.backend)
  if (exchange.outcome === 'complete' && first) yield failover(first, last)
  if (loop && loop.turns >= thresholds.toolLoopTurns) yield looping(loop, last, thresholds.toolLoopTurns)
}

function disconnect({ clientGoneNs, closedNs, answerBytes }: Exchange): LiveFinding {
  const atNs = clientGoneNs ?? closedNs ?? 0
  const seconds = secondsText(atNs / 1e9)
  return {
    code: 'client_disconnect',
    severity: 'note',
    fault: 'client',
    leg: answerBytes > 0 ? 'PTC' : 'CTP',
    atNs,
    description:
      answerBytes > 0
        ? `The client left after ${seconds}, with ${answerBytes} bytes of its answer.`
        : `The client left after ${seconds}, before its answer began.`,
    evidence: { seconds: Math.round(atNs / 1e8) / 10, bytes: answerBytes },
    hint: 'A user who pressed stop looks like this; always after the same time, it is a timeout in the client.',
  }
}

function* cut({ attempts, outcome }: Exchange): Iterable<LiveFinding> {
  for (const { number, error, firstByteNs, endedNs, status } of attempts) {
    const isLost = error?.code === 'backend_closed' && firstByteNs !== null && (status ?? 500) < 300
    if (error?.code !== 'backend_truncated' && !isLost) continue
    const isRecovered = outcome === 'complete'
    yield {
      code: 'truncated_stream',
      severity: isRecovered ? 'warn' : 'error',
      fault: isLost ? 'network' : 'backend',
      confidence: 0.8,
      leg: 'BTP',
      attempt: number,
      atNs: endedNs ?? 0,
      description: `The stream ended before its last event.${isRecovered ? ' Another attempt answered.' : ''}`,
      evidence: { error: error?.code },
      hint: 'What the client has is not the whole answer: ask again; a timeout of a gateway in between is the usual cause when it happens after the same time.',
    }
  }
}

function* completed(watched: WatchedExchange, attempt: Attempt): Iterable<LiveFinding> {
  const { end } = watched
  const judged = end && isGeneration(watched.exchange) ? judgedEnd(watched, attempt, end) : null
  if (!end || !judged) return
  const evidence = { stop: end.raw, completionTokens: attempt.usage?.completionTokens ?? null }
  yield { ...judged, leg: 'BTP', attempt: attempt.number, atNs: attempt.endedNs ?? 0, evidence }
}

type Judged = Pick<LiveFinding, 'code' | 'severity' | 'fault' | 'description' | 'hint'>

function judgedEnd(watched: WatchedExchange, attempt: Attempt, end: ChoiceEnd): Judged | null {
  if (end.reason === 'filter' || watched.refuses) return filtered(watched, end)
  const tokens = attempt.usage?.completionTokens ?? null
  if (end.reason === 'length') return isEaten(watched, attempt) ? eaten(tokens) : truncated(tokens)
  const isNormal = (end.reason === 'stop' || end.reason === 'tool') && end.stopSequence === undefined
  return isNormal && !watched.shows ? empty(watched, end) : null
}

function filtered({ refuses }: WatchedExchange, { raw }: ChoiceEnd): Judged {
  return {
    ...{ code: 'content_filtered', severity: 'warn', fault: 'backend' },
    description: refuses ? 'The model refused to answer.' : `A filter ended the answer with "${raw}".`,
    hint: 'Say the request in another way, or ask another model; the same words will be refused again.',
  }
}

function empty({ runsServerTools, thinks }: WatchedExchange, { raw }: ChoiceEnd): Judged {
  return {
    ...{ code: 'empty_completion', fault: 'backend' },
    // What the provider's own tools found may be the answer.
    severity: runsServerTools ? 'note' : 'error',
    description: `The answer ended with "${raw}" and nothing in it${thinks ? ' but thoughts' : ''}.`,
    hint: 'Ask again; where it happens often, another model or a lower reasoning effort answers more reliably.',
  }
}

function isEaten({ shows, thinks }: WatchedExchange, { usage }: Attempt): boolean {
  if (shows) return false
  const { completionTokens, reasoningTokens } = usage ?? {}
  if (completionTokens === undefined || reasoningTokens === undefined) return thinks
  return completionTokens > 0 && reasoningTokens >= eatenShare * completionTokens
}

// Whose limit it was is in the request, which is not looked at here.
function eaten(tokens: number | null): Judged {
  return {
    ...{ code: 'reasoning_ate_budget', severity: 'error', fault: null },
    description: `The limit was reached before the first word: ${tokens ?? 'all'} output tokens went into thoughts.`,
    hint: 'Ask for more output tokens, or for less reasoning or a shorter answer.',
  }
}

function truncated(tokens: number | null): Judged {
  return {
    ...{ code: 'output_truncated', severity: 'warn', fault: null },
    description: `The answer was cut off at ${tokens ?? 'an unknown number of'} output tokens.`,
    hint: 'Ask for more output tokens, or for less reasoning or a shorter answer.',
  }
}

/** Who asks for a larger window does so in a header, which is not looked at here. */
const windowConfidence = 0.8

function nearLimit(
  { exchange, runsServerTools }: WatchedExchange,
  { model, backendType, usage, endedNs }: Attempt,
  contextWindow: ModelKnowledge['contextWindow'],
  ratio: number,
): LiveFinding | null {
  const { promptTokens } = usage ?? {}
  if (model === null || promptTokens === undefined || runsServerTools || !isGeneration(exchange)) return null
  const filled = filledWindow({ promptTokens, model, window: contextWindow(model, backendType) }, ratio)
  return filled && { ...filled, code: 'context_near_limit', confidence: windowConfidence, atNs: endedNs ?? 0 }
}

function failover(failed: Attempt, answered: Attempt): LiveFinding {
  const lost = secondsText(answered.startedNs / 1e9)
  return {
    code: 'failover',
    severity: 'info',
    fault: failed.error?.code === 'connect_failed' ? 'network' : 'backend',
    leg: 'BTP',
    attempt: failed.number,
    atNs: failed.endedNs ?? failed.startedNs,
    description: `${failed.backend} failed, and ${answered.backend} answered at attempt ${answered.number}, ${lost} after the request had come.`,
    evidence: { failed: failed.backend, answered: answered.backend, attempts: answered.number },
    hint: 'Nothing needs to be done; it explains where the time went.',
  }
}

function looping({ name, turns }: LoopingTool, { number, endedNs }: Attempt, least: number): LiveFinding {
  const severities: readonly Severity[] = ['note', 'warn', 'error']
  const level = turns / least >= 10 / 3 ? 2 : turns / least >= 5 / 3 ? 1 : 0
  return {
    code: 'tool_loop',
    severity: severities[level] ?? 'error',
    fault: 'backend',
    leg: 'BTP',
    attempt: number,
    atNs: endedNs ?? 0,
    description: `The model called ${name || 'a tool'} with the same arguments in ${turns} turns in a row.`,
    evidence: { tool: name, turns },
    hint: 'Stop the agent, or tell it in its next message that it repeats itself; a tool that says what is wrong helps most.',
  }
}

function isGeneration({ callPurpose }: Exchange): boolean {
  return callPurpose === 'chat' || callPurpose === 'title'
}
