import type { ServerResponse } from 'node:http'
import type { AnswerHead } from './answer-head.ts'
import type { Pacer } from './pacer.ts'
import type { Schedule } from './schedule.ts'

export interface Playing {
  schedule: Schedule
  head: AnswerHead | null
  /** By the pacer, when the request was there whole. */
  startMs: number
  pacer: Pacer
  /** A chunk was written so much later than it should have been. Not told of what had to wait for the client. */
  onLate: (lateMs: number) => void
}

/** Heads and first chunks that were read together are written together. */
const togetherMs = 0.5

/** Gives a recorded answer at its times, each chunk in a write of its own; stops when the client goes away. */
export function play(response: ServerResponse, { schedule, head, startMs, pacer, onLate }: Playing): void {
  let cancel = () => {}
  let next = 0
  let isLeft = false
  let blockedUntilMs = Number.NEGATIVE_INFINITY
  response.once('close', () => {
    isLeft = true
    cancel()
  })

  const after = (atMs: number, run: () => void) => {
    if (isLeft) return
    cancel = atMs === Number.POSITIVE_INFINITY ? () => {} : pacer.at(startMs + atMs, run)
  }

  function begin(): void {
    if (head === null) return cut()
    response.writeHead(head.status, head.headers)
    const firstAtMs = schedule.chunks[0]?.atMs ?? schedule.end.atMs
    if (firstAtMs - (schedule.headAtMs ?? 0) > togetherMs) response.flushHeaders()
    following()
  }

  function following(): void {
    const chunk = schedule.chunks[next]
    if (chunk === undefined || !head?.hasBody) return after(schedule.end.atMs, finish)
    after(chunk.atMs, () => give(chunk))
  }

  function give({ atMs, bytes }: Schedule['chunks'][number]): void {
    const targetMs = startMs + atMs
    if (targetMs > blockedUntilMs) onLate(pacer.nowMs() - targetMs)
    next++
    if (response.write(bytes)) return following()
    response.once('drain', () => {
      blockedUntilMs = pacer.nowMs()
      following()
    })
  }

  function finish(): void {
    if (schedule.end.how === 'whole') response.end()
    else cut()
  }

  /** What was written still reaches the client; that it is no whole answer, it sees by the framing. */
  function cut(): void {
    response.socket?.destroySoon()
  }

  after(schedule.headAtMs ?? schedule.end.atMs, schedule.headAtMs === null ? cut : begin)
}
