import type { Call } from '../../../core/call.ts'
import type { AttemptView } from '../../view/view.ts'
import type { Detector, Subject } from '../detector.ts'
import { droppedOf, isTranslated } from './declared-losses.ts'

/** Reference §4.2, 74: a wish of the client's that the backend never heard, and nobody says so. */
export const paramDropped: Detector = {
  code: 'param_dropped',
  severity: 'warn',
  summary: 'A parameter of the request did not reach the backend, and nothing says so',
  *find(subject) {
    if (subject.exchange.version === 2) return
    for (const attempt of subject.exchange.attempts) {
      const lost = lostParameters(subject, attempt)
      if (lost.length === 0) continue
      yield {
        severity: 'warn',
        fault: 'proxy',
        leg: 'PTB',
        attempt: attempt.number,
        count: lost.length,
        description: `The client asked for ${lost.join(', ')}, of which the request to ${attempt.backend ?? 'the backend'} says nothing.`,
        evidence: {
          lost,
          dropped: droppedOf(subject, attempt) ?? [],
          backend: attempt.backend,
          protocol: attempt.protocol,
        },
        hint: 'Compare CTP and PTB of this exchange, and report it: what cannot be carried is to be named in x-llmproxy-dropped.',
      }
    }
  },
}

interface Parameter {
  name: string
  isSaid: (call: Call) => boolean
  /** All backends take this where nothing is said. */
  isDefault?: (call: Call) => boolean
  /** The names under which it is told as dropped. */
  told: RegExp
}

/** Of what shapes an answer. */
const parameters: readonly Parameter[] = [
  {
    name: 'a temperature',
    isSaid: ({ temperature }) => temperature !== null,
    isDefault: ({ temperature }) => temperature === 1,
    told: /temperature/i,
  },
  {
    name: 'top_p',
    isSaid: ({ topP }) => topP !== null,
    isDefault: ({ topP }) => topP === 1,
    told: /top_?p/i,
  },
  {
    name: 'a limit of output tokens',
    isSaid: ({ maxOutputTokens }) => maxOutputTokens !== null,
    told: /max_?(?:output|completion)?_?tokens/i,
  },
  { name: 'tools', isSaid: ({ tools }) => tools.length > 0, told: /tool|search|function/i },
  {
    name: 'a form of the answer',
    isSaid: ({ output }) => output !== null,
    told: /format|schema|json|mime/i,
  },
  {
    name: 'reasoning',
    isSaid: ({ reasoning }) => reasoning !== null,
    isDefault: (call) => !asksToReason(call),
    told: /reasoning|thinking|effort/i,
  },
  { name: 'stop sequences', isSaid: ({ stop }) => stop.length > 0, told: /stop/i },
]

function lostParameters(subject: Subject, attempt: AttemptView): string[] {
  const asked = subject.ctp()?.call
  const sent = subject.ptb(attempt)?.call
  const dropped = droppedOf(subject, attempt)
  if (!asked || !sent || (dropped === null && isTranslated(subject, attempt))) return []
  return parameters
    .filter(({ isSaid, isDefault }) => isSaid(asked) && !isDefault?.(asked) && !isSaid(sent))
    .filter(({ told }) => !(dropped ?? []).some((name) => told.test(name)))
    .map(({ name }) => name)
}

/** What is switched off, or left to the model, need not be said. */
function asksToReason({ reasoning }: Call): boolean {
  const { effort = null, budgetTokens = null } = reasoning ?? {}
  return (effort !== null && effort !== 'none') || (budgetTokens !== null && budgetTokens > 0)
}
