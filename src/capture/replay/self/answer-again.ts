import type { ServerResponse } from 'node:http'
import type { HeaderPairs } from '../../../core/http.ts'
import type { LegView } from '../../view/view.ts'
import type { Passing } from './passing.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface AnswerAgainParts {
  clock: VirtualClock
  passing: Passing
  /** Called before whatever happened at this time of the recording. */
  before: (atNs: number) => Promise<void>
}

/** The proxy has what it was given within this, or never. */
const patienceMs = 5_000
/** How long a proxy is waited for that should leave by itself. */
const leavingMs = 1_000
/** What a proxy does meanwhile, such as telling its client that it is still there. */
const mostTimers = 500

/** Answers the `attempt`-th request of the exchange that passes as it was answered then, each chunk at its time. */
export async function answerAgain(
  btp: LegView | null,
  attempt: number,
  response: ServerResponse,
  { clock, passing, before }: AnswerAgainParts,
): Promise<void> {
  let isGone = false
  response.on('close', () => {
    isGone = true
    passing.wake()
  })
  response.on('error', () => {})
  const has = (isSo: () => boolean) => passing.until(() => isGone || isSo(), patienceMs)
  if (btp === null || btp.status === null) return await breakOff()

  await at(btp.headAtNs ?? clock.monotonicNs())
  if (isGone) return
  response.writeHead(btp.status, answerHeaders(btp).flat())
  response.flushHeaders()
  await has(() => passing.read(attempt).hasHead)
  let sent = 0
  for (const { bytes, atNs } of btp.chunks) {
    if (bytes.length === 0) continue
    await at(atNs)
    if (isGone) return
    response.write(bytes)
    sent += bytes.length
    await has(() => passing.read(attempt).bytes >= sent || passing.read(attempt).isOver)
  }
  await end()

  async function at(ns: number): Promise<void> {
    await before(ns)
    await clock.stepTo(ns)
  }

  async function end(): Promise<void> {
    const why = btp?.end?.why
    if (why === 'eof') {
      if (btp?.end) await at(btp.end.atNs)
      response.end()
      await has(() => passing.read(attempt).isOver)
      return
    }
    await breakOff()
  }

  /** As it ended then: by the backend, which is here; or by who left it, who is waited for. */
  async function breakOff(): Promise<void> {
    const ended = btp?.end ?? null
    if (ended?.why === 'timeout') await outwait(ended.atNs)
    else if (
      btp !== null &&
      (ended === null || ended.why === 'abort_client' || ended.why === 'abort_proxy')
    ) {
      // Who leaves was seen to leave here a little earlier or later than there.
      await before(Number.POSITIVE_INFINITY)
      await passing.until(() => isGone, leavingMs)
    } else if (ended) await before(ended.atNs)
    response.destroy()
    await has(() => passing.read(attempt).isOver)
  }

  /** Until the proxy has had enough, which now it may be told to have later. */
  async function outwait(endedNs: number): Promise<void> {
    await at(endedNs)
    for (let timers = 0; timers < mostTimers && !isGone; timers++) {
      await passing.until(() => isGone, 5)
      if (isGone || clock.nextDueNs === null) return
      await clock.stepTo(clock.nextDueNs)
    }
  }
}

/** The body is sent as it is in the file: decoded, in chunks. */
const notRepeated = new Set(['transfer-encoding', 'content-encoding', 'connection', 'keep-alive', 'trailer'])

function answerHeaders({ headers, chunks, missing }: LegView): [name: string, value: string][] {
  const isEncoded = headers.some(([name]) => name === 'content-encoding')
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0)
  const kept: HeaderPairs = headers.filter(([name, value]) => {
    if (name === 'content-length') return !isEncoded && missing === 0 && Number(value) === bytes
    return !notRepeated.has(name)
  })
  return kept.map(([name, value]) => [name, value])
}
