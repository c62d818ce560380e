import { describe, expect, it } from 'vitest'
import { type ErrorCode, type ErrorDetails, ProxyError } from '../../../src/core/errors.ts'
import { attemptEnd } from '../../../src/proxy/attempts/attempt-end.ts'
import { anAttempt } from '../../support/an-exchange.ts'

const redactText = (text: string) => text.replaceAll('sk-secret', '***')

function endOf(error: ProxyError | null, withOurKey = true): { kind: string; [detail: string]: unknown } {
  return attemptEnd(anAttempt({ error, model: 'gpt-5' }), { redactText, withOurKey })
}
const failed = (code: ErrorCode, message = 'broken') => endOf(new ProxyError(code, message))
const answered = (status: number, message = 'no', details: ErrorDetails = {}) =>
  endOf(new ProxyError('backend_error', message, { status, ...details }))

describe('what the end of an attempt says of its backend', () => {
  it('is that it works, for a complete answer and for what only the request is to blame for', () => {
    expect(endOf(null)).toEqual({ kind: 'works' })
    for (const status of [400, 402, 405, 413, 422]) expect(answered(status)).toEqual({ kind: 'works' })
    expect(answered(404, 'no such page')).toEqual({ kind: 'works' })
    expect(answered(403, 'your country is not supported')).toEqual({ kind: 'works' })
  })

  it('is that it fails, for no connection, timeouts, 5xx and what broke off', () => {
    for (const code of [
      ...(['connect_failed', 'backend_timeout', 'backend_closed', 'backend_truncated'] as const),
      'backend_answer' as const,
    ]) {
      expect(failed(code)).toEqual({ kind: 'fails', reason: 'broken' })
    }
    for (const status of [500, 502, 503, 504, 529]) expect(answered(status).kind).toBe('fails')
  })

  it('is nothing, when the client left, the proxy ended, or the provider did not wait for the request', () => {
    for (const code of ['client_gone', 'shutting_down', 'internal'] as const) {
      expect(failed(code)).toEqual({ kind: 'neutral' })
    }
    expect(answered(408)).toEqual({ kind: 'neutral' })
  })

  it('is that it has too much to do, for 429, and for 503 that says until when', () => {
    expect(answered(429)).toMatchObject({ kind: 'limited', retryAfterMs: null })
    expect(answered(503, 'later', { retryAfterMs: 7_000 })).toMatchObject({
      kind: 'limited',
      retryAfterMs: 7_000,
    })
  })

  it('is that it refuses our key, at once where the answer names it', () => {
    expect(answered(401)).toMatchObject({ kind: 'key_refused', certain: false })
    expect(answered(403, 'Your API key was disabled')).toMatchObject({ kind: 'key_refused', certain: true })
    expect(answered(400, 'API key not valid', { providerCode: 'API_KEY_INVALID' })).toMatchObject({
      ...{ kind: 'key_refused', certain: true },
    })
  })

  it("is nothing of that for a client's own key: the client must see each refusal", () => {
    const error = new ProxyError('backend_error', 'who are you?', { status: 401 })
    expect(endOf(error, false)).toEqual({ kind: 'works' })
  })

  it('is that it refuses the model, where a 403 or 404 speaks of one', () => {
    expect(answered(404, 'The model `gpt-5` does not exist').kind).toBe('model_refused')
    expect(answered(403, 'no access', { providerCode: 'model_not_found' }).kind).toBe('model_refused')
    expect(answered(404, 'gpt-5: not found').kind).toBe('model_refused')
  })

  it('has no secret of the provider key in its reason', () => {
    expect(answered(401, 'Incorrect key: sk-secret').reason).toBe('(401): Incorrect key: ***')
    expect(answered(500, 'sk-secret is broken').reason).toBe('status 500: *** is broken')
  })

  it('is said in one line that no terminal takes for a command, and in no more than a sentence or two', () => {
    expect(answered(500, 'down\n\u001b[31mred\u009b2J \u202e')).toEqual({
      ...{ kind: 'fails', reason: 'status 500: down␊␛[31mred\ufffd2J \ufffd' },
    })
    const { reason } = answered(429, 'x'.repeat(4_000)) as unknown as { reason: string }
    expect(reason.length).toBeLessThan(600)
  })
})
