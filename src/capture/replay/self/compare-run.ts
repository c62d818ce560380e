import { compareAnswers, comparedAnswer } from '../../diff/answers.ts'
import { comparedHeaders } from '../../diff/compared-headers.ts'
import type { CompareLevel, Difference } from '../../diff/difference.ts'
import { comparedRequest, compareRequests } from '../../diff/requests.ts'
import { timingOf } from '../../diff/timing.ts'
import type { AttemptView, ExchangeView } from '../../view/view.ts'
import { lostHeaders } from '../against/lost-headers.ts'
import type { ReplayDifference, ReplayOutcome } from '../outcome.ts'

/** What the proxy sent to backends and to the client, then and now. Times are the recording's: they are not judged. */
export function compareRun(
  recorded: ExchangeView,
  replayed: ExchangeView,
  level: CompareLevel,
): ReplayOutcome {
  const differences = [...attempts(recorded, replayed, level), ...answers(recorded, replayed, level)]
  const missing = recorded.ptc?.missing ?? 0
  return {
    verdict: differences.length > 0 ? 'different' : missing > 0 ? 'unproven' : 'same',
    differences,
    replayed,
    timing: { before: timing(recorded), after: null },
  }
}

function attempts(recorded: ExchangeView, replayed: ExchangeView, level: CompareLevel): ReplayDifference[] {
  const [was, is] = [recorded.attempts.length, replayed.attempts.length]
  const count: ReplayDifference[] =
    was === is ? [] : [{ leg: 'PTB', attempt: null, path: 'attempts', kind: 'body', before: was, after: is }]
  const pairs = recorded.attempts.flatMap((before) => {
    const after = replayed.attempts.find(({ number }) => number === before.number)
    return after ? [...requests(before, after, level), ...lostOnTheWay(before, after, replayed, level)] : []
  })
  return [...count, ...pairs]
}

function requests(before: AttemptView, after: AttemptView, level: CompareLevel): ReplayDifference[] {
  const [was, is] = [before.ptb, after.ptb]
  if (!was || !is) return []
  const found = compareRequests(
    comparedRequest(was, before.protocol ?? after.protocol),
    comparedRequest(is, after.protocol),
    level,
  )
  return found.map((difference) => ({ leg: 'PTB', attempt: before.number, ...difference }))
}

/** They are of one connection, go only with the client's own credential, which no replay has, or their values are compared. */
const notJudged: ReadonlySet<string> = new Set([
  ...['host', 'accept-encoding'],
  ...['chatgpt-account-id', 'openai-organization', 'openai-project', 'x-goog-user-project'],
  ...comparedHeaders.request,
])

/** Headers of the client that were passed on then. Those that the proxy adds itself follow from its configuration. */
function lostOnTheWay(
  { number, ptb: before }: AttemptView,
  { ptb: after }: AttemptView,
  { ctp }: ExchangeView,
  level: CompareLevel,
): ReplayDifference[] {
  if (!before || !after || !ctp || level === 'structure') return []
  const asked = new Set(ctp.headers.map(([name]) => name))
  const passedOn = before.headers.filter(([name]) => asked.has(name) && !notJudged.has(name))
  return lostHeaders(passedOn, after.headers).map((lost) => ({ leg: 'PTB', attempt: number, ...lost }))
}

function answers(recorded: ExchangeView, replayed: ExchangeView, level: CompareLevel): ReplayDifference[] {
  const [was, is] = [recorded.ptc, replayed.ptc]
  if (!was) return []
  if (!is) return located([{ path: 'answer', kind: 'body', before: 'recorded', after: undefined }])
  const protocol = recorded.protocol ?? replayed.protocol
  const before = comparedAnswer(was, protocol, recorded.stream)
  const after = comparedAnswer(is, protocol, recorded.stream)
  const framedAlike = before.reading.isStream === after.reading.isStream
  const lost = level === 'structure' || !framedAlike ? [] : lostHeaders(was.headers, is.headers)
  return located([...compareAnswers(before, after, level), ...lost])
}

function located(differences: readonly Difference[]): ReplayDifference[] {
  return differences.map((difference) => ({ leg: 'PTC', attempt: null, ...difference }))
}

function timing(recorded: ExchangeView) {
  const { ptc, protocol, stream } = recorded
  return ptc && timingOf(recorded, ptc, comparedAnswer(ptc, protocol, stream).reading)
}
