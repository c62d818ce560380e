import { describe, expect, it } from 'vitest'
import { probeFailure } from '../../src/health/probe-failure.ts'

const coded = (code: string, message = 'what the system said') => Object.assign(new Error(message), { code })

describe('a probe that got no answer', () => {
  it.each([
    ['ECONNREFUSED', 'refuses connections'],
    ['ENOTFOUND', 'the name is unknown'],
    ['EAI_AGAIN', 'the name cannot be looked up now'],
    ['ECONNRESET', 'closes the connection without an answer'],
    ['UND_ERR_CONNECT_TIMEOUT', 'does not answer'],
    ['CERT_HAS_EXPIRED', 'TLS failed (CERT_HAS_EXPIRED)'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS failed (ERR_TLS_CERT_ALTNAME_INVALID)'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS failed (ERR_SSL_WRONG_VERSION_NUMBER)'],
    ['EWHATEVER', 'what the system said (EWHATEVER)'],
  ])('because of %s is told: %s', (code, error) => {
    expect(probeFailure(coded(code))).toEqual({ kind: 'failure', error, status: null })
  })

  it('at any of several addresses is refused if one of them refuses', () => {
    const error = new AggregateError([coded('EADDRNOTAVAIL'), coded('ECONNREFUSED')])
    expect(probeFailure(error)).toMatchObject({ error: 'refuses connections' })
  })

  it('because of the outbound proxy says so', () => {
    const error = coded('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling')
    expect(probeFailure(error)).toMatchObject({ error: 'the outbound proxy (HTTPS_PROXY) answers 407' })
  })

  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])(
    'because of %s here says nothing about the endpoint',
    (code) => {
      expect(probeFailure(coded(code))).toMatchObject({ kind: 'unavailable' })
    },
  )

  it('cannot forge a line in a log', () => {
    expect(probeFailure(coded('EODD', 'a\nb'))).toMatchObject({ error: 'a␊b (EODD)' })
  })
})
