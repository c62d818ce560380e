import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, request as requestPlain, type ServerResponse } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { tagsHeader } from '../clients/client.ts'

export interface Relay {
  /** Without a trailing slash; holds a secret, so that nobody else on this machine is let in. */
  url: string
  close(): Promise<void>
}

/** Of one connection, not of what it carries (RFC 9110, 7.6.1), and what is answered here. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'expect'])

/**
 * Stands before the proxy for a program that sends no headers of ours, and adds them. Everything else passes as it is,
 * both ways.
 *
 * @param proxyUrl without a trailing slash
 * @param headers what to add, names in lower case; tags of the program's own stay behind ours
 */
export async function startRelay(
  proxyUrl: string,
  headers: readonly (readonly [name: string, value: string])[],
): Promise<Relay> {
  const secret = `/${randomBytes(16).toString('hex')}`
  const proxy = new URL(proxyUrl)
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    const target = request.url ?? ''
    if (target.startsWith(`${secret}/`)) {
      const path = proxy.pathname.replace(/\/$/, '') + target.slice(secret.length)
      passOn(request, response, { proxy, path, headers })
    } else refuse(response, 404, 'unknown_route', 'this address belongs to a running llmproxy run')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${secret}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Passage {
  proxy: URL
  /** As the program wrote it: an URL made of it would be another one. */
  path: string
  headers: readonly (readonly [name: string, value: string])[]
}

function passOn(request: IncomingMessage, response: ServerResponse, { proxy, path, headers }: Passage): void {
  const send = proxy.protocol === 'https:' ? requestSecure : requestPlain
  const { method } = request
  // A connection each: one that is used again may be closed just then, and nothing may be sent twice.
  const sent = send(
    proxy,
    { ...(method && { method }), path, headers: requestHeaders(request, proxy.host, headers), agent: false },
    (answer) => {
      response.sendDate = false
      response.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage,
        passedHeaders(answer.rawHeaders).flat(),
      )
      response.flushHeaders()
      // A cut answer is cut here too, so that nobody takes it for whole.
      pipeline(answer, response, () => {})
    },
  )
  sent.on('error', (error) => {
    // Who answers before it has read everything may close then: the answer holds.
    if (!response.headersSent)
      refuse(response, 502, 'proxy_away', `the proxy does not answer: ${error.message}`)
    request.unpipe(sent)
    request.resume()
  })
  response.on('close', () => sent.destroy())
  // Not a pipeline, which would close the client's connection where only the sending failed.
  request.pipe(sent)
}

function requestHeaders(
  request: IncomingMessage,
  host: string,
  added: readonly (readonly [string, string])[],
): string[] {
  const names = new Set(added.map(([name]) => name))
  const own = passedHeaders(request.rawHeaders)
  const others = own.filter(([name]) => name.toLowerCase() !== 'host' && !names.has(name.toLowerCase()))
  const ownTags = own.filter(([name]) => name.toLowerCase() === tagsHeader).map(([, value]) => value)
  const ours = added.map(([name, value]) =>
    name === tagsHeader ? [name, [value, ...ownTags].join(',')] : [name, value],
  )
  return [['host', host], ...others, ...ours].flat()
}

function passedHeaders(raw: readonly string[]): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? ''
    if (!ofConnection.has(name.toLowerCase())) pairs.push([name, raw[at + 1] ?? ''])
  }
  return pairs
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: { code, message } }))
}
