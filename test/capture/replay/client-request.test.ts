import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clientRequest, whyNotRepeatable } from '../../../src/capture/replay/client-request.ts'
import { readRecording } from '../../../src/capture/replay/recording.ts'
import type { ExchangeView, LegView } from '../../../src/capture/view/view.ts'
import { aCapture, type ExchangeDraft, edited, lastOf, viewsOf } from '../../support/a-capture.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { restart, v2Entry, v2Header } from '../reader/v2/sample.ts'

const secret = 'sk-ant-api03-QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo'

function viewOf(edit: (x: ExchangeDraft) => unknown): ExchangeView {
  return viewsOf(edited(aCapture(), edit))[0]!
}

const at = (method: string, url: string) =>
  viewOf((x) => {
    x.request.method = method
    x.request.url = url
  })

function requestOf(view: ExchangeView) {
  if (view.ctp === null) throw new Error('there is no request')
  return clientRequest(view as ExchangeView & { ctp: LegView })
}

const all = (view: ExchangeView) => {
  const { method, path, headers, body } = requestOf(view)
  return `${method} ${path}\n${headers.map((pair) => pair.join(': ')).join('\n')}\n\n${Buffer.from(body)}`
}

describe('a recorded request', () => {
  it.each([
    ['POST', '/v1/chat/completions'],
    ['POST', '/v1/responses?a=b'],
    ['POST', '/anthropic/v1/messages'],
    ['POST', '/v1/messages/count_tokens'],
    ['POST', '/openai.eu/v1/embeddings'],
    ['POST', '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
    ['POST', '/v1beta/tunedModels/mine:generateContent'],
    ['GET', '/v1/models'],
    ['GET', '/v1/models/gpt-4o'],
  ])('%s %s makes an answer and changes nothing: it is sent again', (method, url) => {
    expect(whyNotRepeatable(at(method, url))).toBeNull()
  })

  it.each([
    ['POST', '/internal/capture'],
    ['POST', '/internal/health/reset'],
    ['GET', '/internal/health'],
    ['GET', '/v1/usage/recent'],
    ['POST', '/v1/files'],
    ['GET', '/v1/files/file-1/content'],
    ['POST', '/v1/batches'],
    ['POST', '/v1/fine_tuning/jobs'],
    ['POST', '/v1/responses/resp_1/cancel'],
    ['DELETE', '/v1/responses/resp_1'],
    ['PUT', '/v1/chat/completions'],
    ['GET', '/v1/chat/completions'],
    ['GET', '/v1/responses/resp_1'],
    ['POST', '/v1/models'],
    ['POST', '/../v1/messages'],
    ['POST', '/x/../v1/messages'],
    ['POST', '/v1/chat/../messages'],
    ['POST', '/v1beta/models/..:generateContent'],
    ['POST', '/v1beta/models/%2e%2e%2f%2e%2e%2finternal:generateContent'],
    ['POST', '/v1beta/models/a%2fb:generateContent'],
    ['POST', '/v1beta/models/a b\r\nx: y:generateContent'],
    ['POST', '//evil.test/v1/messages'],
    ['POST', '/evil.test:80@x/v1/messages'],
    ['POST', 'mailto:somebody'],
    ['POST', ''],
    ['CONNECT', 'evil.test:443'],
  ])('%s %s is not sent again', (method, url) => {
    expect(whyNotRepeatable(at(method, url))).not.toBeNull()
  })

  it('that is not whole, or not there, is not sent again', () => {
    expect(whyNotRepeatable(viewOf((x) => x.request.endAs('abort_client')))).toContain('not whole')
    const none = viewOf((x) => {
      x.ctp = null
    })
    expect(whyNotRepeatable(none)).toContain('not in the capture')
  })

  it('keeps of an address to another host its path and query only', () => {
    const view = at('POST', 'https://user:pass@evil.test:8443/v1/messages?beta=true#x')
    expect(whyNotRepeatable(view)).toBeNull()
    expect(requestOf(view).path).toBe('/v1/messages?beta=true')
  })

  it('goes without every credential that it had, and says whose replay it is', () => {
    const names = [
      ...[
        'Authorization',
        'x-api-key',
        'x-goog-api-key',
        'api-key',
        'x-llmproxy-key',
        'cookie',
        'proxy-authorization',
      ],
      ...[
        'x-auth',
        'x-amz-security-token',
        'token',
        'x-my-secret',
        'x-session-token',
        'apikey',
        'x-signature',
      ],
    ]
    const view = viewOf((x) => {
      for (const name of names) x.request.headers.push([name.toLowerCase(), `Bearer ${secret}`])
      x.request.headers.push(['x-session-id', 'abc'], ['anthropic-beta', 'tools'])
      x.request.url = `/v1/chat/completions?key=${secret}&k%65y=${secret}&api_key=${secret}&access_token=${secret}&alt=sse`
    })
    const text = all(view)
    expect(text).not.toContain(secret)
    expect(requestOf(view)).toMatchObject({
      path: '/v1/chat/completions?alt=sse',
      headers: expect.arrayContaining([
        ['x-session-id', 'abc'],
        ['anthropic-beta', 'tools'],
        ['content-type', 'application/json'],
        ['x-llmproxy-replay', 'x_1'],
      ]),
    })
  })

  it('goes without what belongs to its connection, and with its body as it was', () => {
    const view = viewOf((x) => {
      x.request.headers.push(
        ['transfer-encoding', 'chunked'],
        ['expect', '100-continue'],
        ['content-encoding', 'gzip'],
        ['accept-encoding', 'br'],
        ['x-forwarded-for', '10.0.0.1'],
        ['x-llmproxy-hop', 'abc'],
        ['x-llmproxy-replay', 'x_0'],
        ['idempotency-key', 'once'],
      )
    })
    const { headers, body } = requestOf(view)
    expect(headers.map(([name]) => name).sort()).toEqual(['content-type', 'user-agent', 'x-llmproxy-replay'])
    expect(Buffer.from(body)).toEqual(lastOf(aCapture()).request.body)
  })
})

describe('a request in a file of the original, with keys in the clear', () => {
  const meta = { rid: 'r1', sid: 's1' }
  async function recorded(body: string, fields: object = {}): Promise<ExchangeView> {
    restart()
    const file = join(tempFolder(), 'old.cbor')
    const ptb = [
      'POST /v1/chat/completions HTTP/1.1',
      `Authorization: Bearer ${secret}`,
      `X-Api-Key: ${secret}`,
      '',
      body,
    ].join('\r\n')
    const bytes = [
      v2Header(),
      v2Entry(0, body, { meta: { ...meta, ...fields } }),
      v2Entry(2, ptb, { meta: { ...meta, be: 'openai', mod: 'gpt-4o' } }),
      v2Entry(3, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id":1}', { meta }),
      v2Entry(1, '{"id":1}', { meta }),
    ]
    writeFileSync(file, Buffer.concat(bytes))
    return (await readRecording(file))[0]!
  }

  it('goes where its body belongs, with none of them', async () => {
    const view = await recorded(
      `{"model":"gpt-4o","messages":[{"role":"user","content":"my key is ${secret}"}]}`,
      { url: `/v1/chat/completions?key=${secret}`, http_method: 'POST' },
    )
    expect(whyNotRepeatable(view)).toBeNull()
    expect(all(view)).not.toContain(secret)
    expect(requestOf(view).path).toBe('/v1/chat/completions')
  })

  it.each([
    ['{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}', '/v1/chat/completions'],
    ['{"model":"gpt-4o","input":"hi"}', '/v1/responses'],
    ['{"model":"c","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}', '/v1/messages'],
  ])('without an address: %s goes to %s', async (body, path) => {
    const view = await recorded(body)
    expect(whyNotRepeatable(view)).toBeNull()
    expect(requestOf(view)).toMatchObject({ method: 'POST', path })
    expect(requestOf(view).headers).toContainEqual(['content-type', 'application/json'])
  })

  it('of which nobody knows what it is, is not sent', async () => {
    expect(whyNotRepeatable(await recorded('{"what":"this"}'))).not.toBeNull()
  })
})
