import { describe, expect, it } from 'vitest'
import { answerHeaders } from '../../src/backends/answer-headers.ts'
import type { HeaderPairs } from '../../src/core/http.ts'

const same = { bodyChanged: false, stream: false }

// Taken from answers of the providers.
const passes: HeaderPairs = [
  ['date', 'Mon, 01 Dec 2025 00:00:00 GMT'],
  ['content-type', 'application/json'],
  ['content-length', '17'],
  ['content-encoding', 'gzip'],
  ['x-request-id', 'req_1'],
  ['request-id', 'req_2'],
  ['openai-processing-ms', '12'],
  ['openai-version', '2020-10-01'],
  ['x-ratelimit-remaining-tokens', '1'],
  ['anthropic-ratelimit-tokens-reset', '2025-12-01T00:00:00Z'],
  ['retry-after', '3'],
  ['retry-after-ms', '3000'],
  ['x-should-retry', 'true'],
  ['server-timing', 'gfet4t7; dur=500'],
  ['vary', 'Origin'],
  ['vary', 'X-Origin'],
  ['www-authenticate', 'Bearer'],
]
const stays: HeaderPairs = [
  ['connection', 'keep-alive, X-Hop'],
  ['x-hop', '1'],
  ['keep-alive', 'timeout=5'],
  ['transfer-encoding', 'chunked'],
  ['proxy-authenticate', 'Basic'],
  ['trailer', 'x'],
  ['upgrade', 'h2c'],
  ['alt-svc', 'h3=":443"'],
  ['set-cookie', '__cf_bm=1'],
  ['strict-transport-security', 'max-age=1'],
  ['cf-ray', '1'],
  ['cf-cache-status', 'DYNAMIC'],
  ['via', '1.1 google'],
  ['x-envoy-upstream-service-time', '5'],
  ['server', 'cloudflare'],
  ['content-security-policy', "default-src 'none'"],
  ['report-to', '{}'],
  ['nel', '{}'],
  ['anthropic-organization-id', 'org'],
  ['x-llmproxy-exchange', 'x_1'],
]

describe('answerHeaders', () => {
  it('passes what speaks of the answer, in its order, repeated names included', () => {
    const mixed = passes.flatMap((pair, i) => (stays[i] ? [pair, stays[i]] : [pair]))
    expect(answerHeaders([...mixed, ...stays.slice(passes.length)], same)).toEqual(passes)
  })

  it.each(stays.slice(1))('keeps %s from the client', (name, value) => {
    expect(answerHeaders([...stays.slice(0, 1), [name, value]], same)).toEqual([])
  })

  it('drops what was true of other bytes when the body was changed', () => {
    const left = answerHeaders([...passes, ['content-md5', 'x'], ['digest', 'y']], {
      bodyChanged: true,
      stream: false,
    })
    expect(left).toEqual(passes.filter(([name]) => name !== 'content-length' && name !== 'content-encoding'))
  })

  it('promises no length for a stream', () => {
    const left = answerHeaders(passes, { bodyChanged: false, stream: true })
    expect(left).toEqual(passes.filter(([name]) => name !== 'content-length'))
  })
})
