import { describe, expect, it } from 'vitest'
import { sendFailure } from '../../src/backends/failures.ts'

const backend = { name: 'openai.eu', apiUrl: 'https://eu.example.com:8443/v1' }

function failed(code: string, message = 'socket hang up'): Error {
  return Object.assign(new Error(message), { code })
}

describe('a failure to connect says what to look at', () => {
  it.each([
    ['ECONNREFUSED', 'eu.example.com:8443 refuses connections; is it running?'],
    ['ENOTFOUND', 'the name eu.example.com:8443 is unknown; check api_url'],
    ['EAI_AGAIN', 'cannot be looked up now; is there a network?'],
    ['ENETUNREACH', 'no network route to eu.example.com:8443'],
    ['EHOSTUNREACH', 'no route to eu.example.com:8443'],
    ['ETIMEDOUT', 'eu.example.com:8443 does not answer'],
    ['UND_ERR_CONNECT_TIMEOUT', 'eu.example.com:8443 does not answer'],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'TLS to eu.example.com:8443 failed; NODE_EXTRA_CA_CERTS names further authorities (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'TLS to eu.example.com:8443 failed; NODE_EXTRA_CA_CERTS names further authorities (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    ['EWHATEVER', 'socket hang up (EWHATEVER)'],
  ])('%s', (code, words) => {
    const cause = failed(code)
    const error = sendFailure(cause, backend, false)
    expect(error).toMatchObject({ code: 'connect_failed', status: 502, cause })
    expect(error.message).toContain('cannot reach backend openai.eu: ')
    expect(error.message).toContain(words)
  })

  it('also when several addresses were tried in turn', () => {
    const error = new AggregateError([failed('ECONNREFUSED'), failed('ENETUNREACH')])
    expect(sendFailure(error, backend, false).message).toContain('refuses connections')
  })
})

describe('a failure after the request was sent', () => {
  it.each(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'])('with %s is a closed connection', (code) => {
    expect(sendFailure(failed(code), backend, true)).toMatchObject({
      code: 'backend_closed',
      message: 'backend openai.eu closed the connection before its answer was complete',
    })
  })

  it.each(['HPE_INVALID_CONSTANT', 'UND_ERR_HEADERS_OVERFLOW'])('with %s is no HTTP', (code) => {
    expect(sendFailure(failed(code), backend, true)).toMatchObject({
      code: 'backend_answer',
      message: expect.stringContaining(code),
    })
  })
})

it('names an address that is no URL as it stands there', () => {
  const error = sendFailure(failed('ECONNREFUSED'), { name: 'x', apiUrl: 'nonsense' }, false)
  expect(error.message).toContain('nonsense refuses connections')
})
