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

  it('names the address that was asked, for it may be an outbound proxy’s', () => {
    const at = (address: string, port: number) => {
      const error = Object.assign(failed('ECONNREFUSED'), { address, port })
      return sendFailure(error, backend, false).message
    }
    expect(at('127.0.0.1', 3128)).toMatch(/is it running\? \(asked at 127\.0\.0\.1:3128\)$/)
    expect(at('::1', 8443)).toMatch(/\(asked at \[::1\]:8443\)$/)
    const itself = { name: 'local', apiUrl: 'http://127.0.0.1:8080/v1' }
    const error = Object.assign(failed('ECONNREFUSED'), { address: '127.0.0.1', port: 8080 })
    expect(sendFailure(error, itself, false).message).toMatch(/is it running\?$/)
  })

  it.each([
    ['502', 'the outbound proxy (HTTPS_PROXY) answers 502 for eu.example.com:8443; NO_PROXY goes past it'],
    ['407', 'answers 407 for eu.example.com:8443 and wants a user and password in it;'],
  ])('a tunnel that is refused with %s', (status, words) => {
    const error = failed('UND_ERR_ABORTED', `Proxy response (${status}) !== 200 when HTTP Tunneling`)
    expect(sendFailure(error, backend, false).message).toContain(words)
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

  it.each([
    ['UND_ERR_SOCKET', 'bad response'],
    ['UND_ERR_SOCKET', 'bad upgrade'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Response body length does not match content-length header'],
  ])('with %s, "%s", is no HTTP either', (code, message) => {
    expect(sendFailure(failed(code, message), backend, true).code).toBe('backend_answer')
  })
})

it('names an address that is no URL as it stands there', () => {
  const error = sendFailure(failed('ECONNREFUSED'), { name: 'x', apiUrl: 'nonsense' }, false)
  expect(error.message).toContain('nonsense refuses connections')
})
