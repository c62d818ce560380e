import type { Json } from '../../core/json.ts'
import { readAnswer } from '../view/read-answer.ts'
import { readRequest } from '../view/read-request.ts'
import type { AttemptView, ExchangeView, LegView } from '../view/view.ts'
import { compareAnswers, compareEvents } from './answers.ts'
import { asDifferences } from './as-differences.ts'
import { bodyDifference } from './bodies.ts'
import { changedHeaders } from './compared-headers.ts'
import type { Difference } from './difference.ts'
import { jsonDifferences } from './json-differences.ts'
import { comparedRequest, compareRequests } from './requests.ts'

/** What the proxy made of what it got: the client's request on its way to a backend, or that one's answer on its way back. */
export interface PassedOn {
  from: 'CTP' | 'BTP'
  to: 'PTB' | 'PTC'
  attempt: number
  backend: string | null
  /** `verbatim`: byte for byte. `edited`: the same protocol. `translated`: compared in canonical words. */
  passage: 'verbatim' | 'edited' | 'translated'
  bytesBefore: number
  bytesAfter: number
  /** Every one that is found: here nothing is volatile. */
  differences: Difference[]
  /** Bytes that the capture does not have: what is said of these legs may be wrong. */
  missing: number
}

/** CTP against PTB of every attempt, and BTP of the last one that answered against PTC. */
export function comparePassages(exchange: ExchangeView): PassedOn[] {
  const { ctp, ptc, attempts, protocol } = exchange
  const requests = attempts.flatMap((attempt) =>
    ctp && attempt.ptb ? [requestPassage(ctp, attempt.ptb, protocol, attempt)] : [],
  )
  const answered = attempts.findLast(({ btp }) => btp !== null)
  const answer =
    ptc && answered?.btp ? [answerPassage(answered.btp, ptc, protocol, answered, exchange.stream)] : []
  return [...requests, ...answer]
}

function requestPassage(ctp: LegView, ptb: LegView, protocol: string | null, attempt: AttemptView): PassedOn {
  const passage = passageOf(ctp, ptb, protocol, attempt)
  const differences = () => {
    if (passage === 'verbatim') return []
    if (passage === 'edited') return editedRequest(ctp, ptb, protocol)
    const [was, is] = [comparedRequest(ctp, protocol), comparedRequest(ptb, attempt.protocol)]
    return was.reading.call && is.reading.call ? compareRequests(was, is, 'semantic') : []
  }
  const [was, is] = [pathOf(ctp), pathOf(ptb)]
  const url: Difference[] = was === is ? [] : [{ path: 'url', kind: 'url', before: was, after: is }]
  return passedOn(ctp, ptb, attempt, passage, [...url, ...differences()])
}

/** The origin is what a proxy is for. */
function pathOf({ url }: LegView): string | undefined {
  return url?.replace(/^[a-z]+:\/\/[^/]*/i, '')
}

function editedRequest(ctp: LegView, ptb: LegView, protocol: string | null): Difference[] {
  const [was, is] = [readRequest(ctp, protocol).json, readRequest(ptb, protocol).json]
  if (was === undefined || is === undefined) return bodyDifference(ctp.body(), ptb.body())
  return orBytes(asDifferences(jsonDifferences(was, is), 'body'), ctp, ptb)
}

function answerPassage(
  btp: LegView,
  ptc: LegView,
  protocol: string | null,
  attempt: AttemptView,
  streamAsked: boolean,
): PassedOn {
  const passage = passageOf(btp, ptc, protocol, attempt)
  const [was, is] = [
    readAnswer(btp, attempt.protocol ?? protocol, streamAsked),
    readAnswer(ptc, protocol, streamAsked),
  ]
  const status: Difference[] =
    btp.status === ptc.status ? [] : [{ path: 'status', kind: 'status', ...statuses(btp, ptc) }]
  const differences = () => {
    if (passage === 'verbatim') return []
    if (passage === 'edited') return orBytes(compareEvents(was, is, false), btp, ptc)
    const compared = compareAnswers({ leg: btp, reading: was }, { leg: ptc, reading: is }, 'semantic')
    return compared.filter(({ kind }) => kind !== 'status' && kind !== 'header')
  }
  return passedOn(btp, ptc, attempt, passage, [...status, ...differences()])
}

function statuses(before: LegView, after: LegView): { before: Json | undefined; after: Json | undefined } {
  return { before: before.status ?? undefined, after: after.status ?? undefined }
}

/** The same JSON in other bytes: spaces, the order of members, how a letter is escaped. */
function orBytes(found: Difference[], before: LegView, after: LegView): Difference[] {
  return found.length > 0 ? found : bodyDifference(before.body(), after.body())
}

function passageOf(
  before: LegView,
  after: LegView,
  protocol: string | null,
  attempt: AttemptView,
): PassedOn['passage'] {
  if (Buffer.compare(before.body(), after.body()) === 0) return 'verbatim'
  return attempt.protocol !== null && attempt.protocol !== protocol ? 'translated' : 'edited'
}

function passedOn(
  before: LegView,
  after: LegView,
  { number, backend }: AttemptView,
  passage: PassedOn['passage'],
  differences: Difference[],
): PassedOn {
  const headers = before.headers.length > 0 ? changedHeaders(before.headers, after.headers) : []
  return {
    ...{
      from: before.leg as PassedOn['from'],
      to: after.leg as PassedOn['to'],
      attempt: number,
      backend,
      passage,
    },
    bytesBefore: before.body().length + before.missing,
    bytesAfter: after.body().length + after.missing,
    differences: [...differences, ...headers],
    missing: before.missing + after.missing,
  }
}
