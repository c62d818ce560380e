import { compareAnswers, comparedAnswer } from '../../diff/answers.ts'
import type { CompareLevel, Difference } from '../../diff/difference.ts'
import { comparedRequest, compareRequests } from '../../diff/requests.ts'
import { timingOf } from '../../diff/timing.ts'
import type { AttemptView, ExchangeView } from '../../view/view.ts'
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
    return after ? requests(before, after, level) : []
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

function answers(recorded: ExchangeView, replayed: ExchangeView, level: CompareLevel): ReplayDifference[] {
  const [was, is] = [recorded.ptc, replayed.ptc]
  if (!was) return []
  if (!is) return located([{ path: 'answer', kind: 'body', before: 'recorded', after: undefined }])
  return located(
    compareAnswers(
      comparedAnswer(was, recorded.protocol ?? replayed.protocol, recorded.stream),
      comparedAnswer(is, recorded.protocol ?? replayed.protocol, recorded.stream),
      level,
    ),
  )
}

function located(differences: readonly Difference[]): ReplayDifference[] {
  return differences.map((difference) => ({ leg: 'PTC', attempt: null, ...difference }))
}

function timing(recorded: ExchangeView) {
  const { ptc, protocol, stream } = recorded
  return ptc && timingOf(recorded, ptc, comparedAnswer(ptc, protocol, stream).reading)
}
