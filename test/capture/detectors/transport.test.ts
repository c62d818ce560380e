import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { captureGap } from '../../../src/capture/detectors/transport/capture-gap.ts'
import { clientDisconnect } from '../../../src/capture/detectors/transport/client-disconnect.ts'
import { contentEncodingMismatch } from '../../../src/capture/detectors/transport/content-encoding-mismatch.ts'
import { localAnswer } from '../../../src/capture/detectors/transport/local-answer.ts'
import { missingResponse } from '../../../src/capture/detectors/transport/missing-response.ts'
import { proxyLatency } from '../../../src/capture/detectors/transport/proxy-latency.ts'
import { slowFirstToken } from '../../../src/capture/detectors/transport/slow-first-token.ts'
import { truncatedByProxy } from '../../../src/capture/detectors/transport/truncated-by-proxy.ts'
import { truncatedStream } from '../../../src/capture/detectors/transport/truncated-stream.ts'
import { unansweredAtEof } from '../../../src/capture/detectors/transport/unanswered-at-eof.ts'
import { upstreamRunsOn } from '../../../src/capture/detectors/transport/upstream-runs-on.ts'
import { usualOf } from '../../../src/capture/detectors/transport/usual-wait.ts'
import { aCapture, addRefusal, edited, issuesOf } from '../../support/a-capture.ts'
import { closedAs } from './fitting.ts'

const chat = aCapture({ protocol: 'openai-chat', stream: true })
const whole = aCapture({ protocol: 'openai-chat', stream: false })
const anthropic = aCapture({ protocol: 'anthropic-messages', stream: true })
const gemini = aCapture({ protocol: 'gemini', stream: true })

/** Anthropic at the backend, chat at the client: each says the same in other blocks. */
function translated() {
  return edited(anthropic, (x) => {
    const other = chat.exchanges[0]!.clone()
    x.protocol = 'openai-chat'
    x.ctp = other.ctp
    x.ptc = other.ptc
    x.answer.delay(0, x.btp.lastMs() - x.answer.lastMs())
    for (const chunk of x.answer.chunks) chunk.ms = x.btp.lastMs()
    for (const [i, at] of [3, 4].entries()) x.answer.chunks[i]!.ms = x.btp.chunks[at]!.ms + 1
    x.answer.chunks[2]!.ms = x.btp.chunks[4]!.ms + 1
  })
}

test('the wait for the first word counts from the last byte of the request, and a ping is no word', () => {
  const slow = edited(anthropic, (x) => {
    x.ptb.delay(0, 2_000)
    x.bothAnswers((leg) => leg.delayAll(2_000).delay(3, 11_000))
  })
  expect(issuesOf(slowFirstToken, slow)).toMatchObject([
    {
      severity: 'warn',
      fault: 'backend',
      leg: 'BTP',
      attempt: 1,
      evidence: { seconds: expect.closeTo(11.4, 0), secondsToHead: 0.3 },
    },
  ])
})

test('a stream that has not begun when the capture ends is told, one that was asked whole is not', () => {
  const hanging = (capture: typeof chat) =>
    edited(capture, (x, all) => {
      x.attempt.btp = null
      x.ptc = null
      x.unclosed()
      all.endsMs = x.openedMs + 40_000
    })
  expect(issuesOf(slowFirstToken, hanging(chat))).toMatchObject([{ severity: 'error' }])
  expect(issuesOf(slowFirstToken, hanging(whole))).toEqual([])
})

test('what is usual needs eight waits, and is never stricter than three seconds', () => {
  expect(usualOf([1, 1, 1, 1, 1, 1, 1], 3)).toBeNull()
  expect(usualOf([1, 1, 1, 1, 1, 1, 1, 1], 3)).toEqual({ medianSeconds: 1, limitSeconds: 3, count: 8 })
  expect(usualOf([1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual({ medianSeconds: 4.5, limitSeconds: 14.5, count: 8 })
})

test('a stream that was cut at one backend and answered by another is a warning', () => {
  const cut = edited(chat, (x) => {
    addRefusal(x, {
      status: 200,
      body: 'data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant"}}]}\n\n',
    })
  })
  expect(issuesOf(truncatedStream, cut)).toMatchObject([{ severity: 'warn', fault: 'backend', attempt: 1 }])
})

test('a choice that did not finish is missed, whatever the others did', () => {
  const two = edited(chat, (x) =>
    x.bothAnswers((leg) =>
      leg
        .insertBlock(1, {
          id: 'c',
          object: 'chat.completion.chunk',
          choices: [{ index: 1, delta: { content: 'Hi' } }],
        })
        .dropBlocks(({ data }) => data === '[DONE]'),
    ),
  )
  expect(issuesOf(truncatedStream, two)).toMatchObject([{ fault: 'backend', evidence: { end: 'eof' } }])
})

test("Gemini's stream has no last word but its finish reason", () => {
  expect(issuesOf(truncatedStream, gemini)).toEqual([])
  const cut = edited(gemini, (x) => x.bothAnswers((leg) => leg.dropBlocks((_, index) => index === 1)))
  expect(issuesOf(truncatedStream, cut)).toMatchObject([{ severity: 'error' }])
})

test('streams that are passed on untouched, and legs taken up in the middle, follow no rule', () => {
  const half = edited(chat, (x) => x.bothAnswers((leg) => leg.keepBytes(100)))
  expect(issuesOf(truncatedStream, half)).toHaveLength(1)
  const untouched = edited(half, (x) => {
    x.closed!.purpose = 'other'
  })
  expect(issuesOf([truncatedStream, truncatedByProxy], untouched)).toEqual([])
  const late = edited(half, (x) => {
    x.btp.headMs = null
  })
  expect(issuesOf(truncatedStream, late)).toEqual([])
})

test('a translated answer is complete by its own protocol', () => {
  expect(issuesOf([truncatedByProxy, truncatedStream, proxyLatency], translated())).toEqual([])
  const cut = edited(translated(), (x) => x.answer.keepBytes(300))
  expect(issuesOf(truncatedByProxy, cut)).toMatchObject([{ fault: 'proxy', leg: 'PTC' }])
})

test('text that a translation keeps back is late', () => {
  const late = edited(translated(), (x) => {
    for (const chunk of x.answer.chunks) chunk.ms += 700
  })
  expect(issuesOf(proxyLatency, late)).toMatchObject([{ severity: 'warn', fault: 'proxy' }])
})

test('a client that leaves is noted with what it had', () => {
  const left = edited(chat, (x) => {
    x.answer.keepBytes(150).endAs('abort_client')
    closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
  })
  expect(issuesOf(clientDisconnect, left)).toMatchObject([{ severity: 'note', fault: 'client', offset: 150 }])
})

test('a proxy that reads on tells of the end of the client only at the very last', () => {
  const drained = edited(chat, (x) => {
    x.answer.chunks = x.answer.chunks.slice(0, 2)
    x.btp.delay(2, 4_000)
    x.answer.end = { why: 'abort_client', ms: x.btp.lastMs() + 1, error: null }
    closedAs(x, 'incomplete', 'client_disconnect', 'client_gone')
  })
  const [before, ...unseen] = drained.exchanges[0]!.btp.chunks.slice(1)
  expect(before).toBeDefined()
  expect(issuesOf(upstreamRunsOn, drained)).toEqual([])
  const long = edited(drained, (x) => x.btp.delay(4, 3_000))
  const bytes = unseen.reduce((sum, { bytes }) => sum + bytes.length, 0)
  expect(issuesOf(upstreamRunsOn, long)).toMatchObject([
    { fault: 'proxy', evidence: { bytes, seconds: 3.1 } },
  ])
})

test('a request that waits for a whole answer has half a minute, one for a stream five seconds', () => {
  const waiting = (capture: typeof chat, ms: number) =>
    edited(capture, (x, all) => {
      x.attempt.btp = null
      x.ptc = null
      x.unclosed()
      all.endsMs = x.openedMs + ms
    })
  expect(issuesOf(missingResponse, waiting(chat, 6_000))).toMatchObject([
    { fault: 'backend', severity: 'error' },
  ])
  expect(issuesOf(missingResponse, waiting(whole, 20_000))).toEqual([])
  expect(issuesOf(missingResponse, waiting(whole, 40_000))).toMatchObject([{ type: 'missing_response' }])
})

test('an answer that the capture lost is not missing', () => {
  const lost = edited(chat, (x) => {
    x.ptc = null
  })
  expect(issuesOf(missingResponse, lost)).toEqual([])
})

test("nothing closes in the original's files, where an answer without an end is no open exchange", () => {
  const old = edited(chat, (x) => {
    x.version = 2
    x.unclosed()
    for (const leg of x.legs()) Object.assign(leg, { end: null, headMs: null, status: null, headers: [] })
  })
  const all = [
    unansweredAtEof,
    missingResponse,
    localAnswer,
    truncatedStream,
    truncatedByProxy,
    slowFirstToken,
  ]
  expect(issuesOf(all, old)).toEqual([])
  const unanswered = edited(old, (x, capture) => {
    x.ptc = null
    x.attempt.btp = null
    capture.closedInOrder = false
    capture.endsMs = x.openedMs + 60_000
  })
  expect(issuesOf([unansweredAtEof, missingResponse], unanswered)).toMatchObject([
    { code: 'unanswered_at_eof', severity: 'note' },
    { code: 'missing_response', severity: 'error' },
  ])
})

test('the path of a local answer is told without its query', () => {
  const refused = edited(gemini, (x) => {
    x.attempts = []
    x.closed!.attempts = []
    x.request.url = '/v1beta/models/g:generateContent?key=secret'
    x.answer.status = 401
    closedAs(x, 'rejected', undefined, 'access_key_missing')
  })
  const [issue] = issuesOf(localAnswer, refused)
  expect(issue).toMatchObject({ severity: 'info', fault: 'client', evidence: { code: 'access_key_missing' } })
  expect(JSON.stringify(issue)).not.toContain('secret')
})

test('a request that says gzip and is plain is the proxy’s when the client’s was not so', () => {
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x'.repeat(200) }] })
  const passed = edited(whole, (x) => {
    x.request.setBody(body).header('content-encoding', 'zstd').header('content-length', '77')
    x.ptb.setBody(body).header('content-encoding', 'zstd').header('content-length', String(body.length))
  })
  expect(issuesOf(contentEncodingMismatch, passed)).toMatchObject([
    { fault: 'proxy', leg: 'PTB', attempt: 1 },
  ])
})

test('an archive is no text that was left encoded', () => {
  const archive = edited(whole, (x) =>
    x.bothAnswers((leg) => leg.setBody(gzipSync('a file')).header('content-type', 'application/gzip')),
  )
  expect(issuesOf(contentEncodingMismatch, archive)).toEqual([])
})

test('an event that came in two pieces counts from its last byte', () => {
  const pieces = edited(chat, (x) => {
    x.bothAnswers((leg) => leg.editBlocks(() => {}))
    const chunk = x.btp.chunks[1]!
    const half = chunk.bytes.length >> 1
    x.btp.chunks.splice(
      1,
      1,
      { ...chunk, bytes: chunk.bytes.subarray(0, half) },
      { ms: chunk.ms + 5_000, bytes: chunk.bytes.subarray(half) },
    )
    x.btp.delay(3, 5_000)
    x.answer.delay(1, 5_000)
  })
  expect(issuesOf(proxyLatency, pieces)).toEqual([])
})

test('the limit of the proxy’s delay is that of the configuration', () => {
  const late = edited(chat, (x) => x.answer.delay(2, 40))
  expect(issuesOf(proxyLatency, late)).toEqual([])
  expect(issuesOf(proxyLatency, late, { thresholds: { proxyLatencyMs: 20 } })).toMatchObject([
    { evidence: { worstMs: 40 } },
  ])
})

test('a loss names the exchanges that miss something', () => {
  const lossy = edited(chat, (x, all) => {
    const gap = {
      file: 'test.cbor',
      kind: 'loss',
      offset: 10,
      bytes: 99,
      records: 7,
      atNs: 1e18,
      why: 'disk_full',
    } as const
    all.gaps.push({ ...gap, exchanges: [x.id] })
  })
  expect(issuesOf(captureGap, lossy)).toMatchObject([
    { severity: 'warn', fault: 'proxy', exchange: 'x_1', evidence: { records: 7, why: 'disk_full' } },
  ])
})
