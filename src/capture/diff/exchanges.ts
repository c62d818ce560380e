import type { ExchangeView, LegView } from '../view/view.ts'
import { type ComparedAnswer, compareAnswers, comparedAnswer } from './answers.ts'
import type { CompareLevel, Difference } from './difference.ts'
import { comparedRequest, compareRequests } from './requests.ts'
import { type AnswerTiming, timingOf } from './timing.ts'

export interface LocatedDifference extends Difference {
  leg: 'CTP' | 'PTC'
}

export type ComparedLegs = ReadonlySet<LocatedDifference['leg']>
const bothLegs: ComparedLegs = new Set(['CTP', 'PTC'])

export interface ExchangeComparison {
  /** `unproven`: nothing differs in what there is, but bytes of it are not in the capture. */
  verdict: 'same' | 'different' | 'unproven'
  differences: LocatedDifference[]
  /** Bytes that belong to the compared legs and are in no file. */
  missing: number
  timing: { before: AnswerTiming | null; after: AnswerTiming | null }
}

/** What the client asked and what it got, of two exchanges; `legs`: only one of them. */
export function compareExchanges(
  before: ExchangeView,
  after: ExchangeView,
  level: CompareLevel,
  legs: ComparedLegs = bothLegs,
): ExchangeComparison {
  const [was, is] = [answerOf(before), answerOf(after)]
  const requests = () =>
    both('CTP', before.ctp, after.ctp, (a, b) =>
      compareRequests(comparedRequest(a, before.protocol), comparedRequest(b, after.protocol), level),
    )
  const answers = () => both('PTC', was, is, (a, b) => compareAnswers(a, b, level))
  const differences = [...(legs.has('CTP') ? requests() : []), ...(legs.has('PTC') ? answers() : [])]
  const compared = [
    ...(legs.has('CTP') ? [before.ctp, after.ctp] : []),
    ...(legs.has('PTC') ? [before.ptc, after.ptc] : []),
  ]
  const missing = compared.reduce((sum, leg) => sum + (leg?.missing ?? 0), 0)
  return {
    verdict: differences.length > 0 ? 'different' : missing > 0 ? 'unproven' : 'same',
    differences,
    missing,
    timing: {
      before: was && timingOf(before, was.leg, was.reading),
      after: is && timingOf(after, is.leg, is.reading),
    },
  }
}

function answerOf({ ptc, protocol, stream }: ExchangeView): ComparedAnswer | null {
  return ptc && comparedAnswer(ptc, protocol, stream)
}

/** A leg that only one has is a difference of its own. */
function both<Side extends LegView | ComparedAnswer>(
  leg: LocatedDifference['leg'],
  before: Side | null,
  after: Side | null,
  compare: (before: Side, after: Side) => Difference[],
): LocatedDifference[] {
  if (!before || !after) {
    if (before === after) return []
    const path = leg === 'CTP' ? 'request' : 'answer'
    const there = (side: Side | null) => (side ? 'recorded' : undefined)
    return [{ leg, path, kind: 'body', before: there(before), after: there(after) }]
  }
  return compare(before, after).map((difference) => ({ leg, ...difference }))
}
