import type { ProtocolClient } from './protocol-clients.ts'

export interface RawCall {
  method?: string
  path: string
  /** In place of `Host: 127.0.0.1`; an empty list sends none. */
  hosts?: readonly string[]
  headers?: readonly (readonly [name: string, value: string])[]
  body?: string | Uint8Array
  /** In place of the body's own length; null sends none. */
  contentLength?: number | null
}

/** One HTTP/1.1 request as it stands on the wire; the connection ends after it. */
export function rawCall(call: RawCall): Buffer {
  const body = Buffer.from(call.body ?? '')
  const length = call.contentLength === undefined ? body.length : call.contentLength
  const headers = [
    ...(call.hosts ?? ['127.0.0.1']).map((host) => ['Host', host] as const),
    ['Connection', 'close'] as const,
    ['Content-Type', 'application/json'] as const,
    ...(length === null ? [] : [['Content-Length', String(length)] as const]),
    ...(call.headers ?? []),
  ]
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const head = `${call.method ?? 'POST'} ${call.path} HTTP/1.1\r\n${lines}\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/** A generation call of this client, changed as said. */
export function generationCall(
  client: ProtocolClient,
  changed: Partial<RawCall> & { model?: string; stream?: boolean } = {},
): Buffer {
  const { model = 'some-model', stream = false, ...rest } = changed
  return rawCall({
    path: client.path(model, stream),
    body: JSON.stringify(client.body(model, stream)),
    ...rest,
  })
}
