import type { IncomingMessage } from 'node:http'
import { ProxyError } from '../../../core/errors.ts'
import { contentDecoder } from '../../writer/decoding/content-decoder.ts'

/** A request's body without its content encoding. Throws `body_too_large`, `bad_encoding`, `client_gone`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const wire = await collected(request, maxBytes)
  const encoding = request.headers['content-encoding']
  if (encoding === undefined || wire.length === 0) return wire
  const decoder = contentDecoder(encoding)
  try {
    const body = await decoder.push(wire)
    if (body === null) {
      throw new ProxyError(
        'bad_encoding',
        'the body is not what its content-encoding says, or that is not known here',
      )
    }
    if (body.length > maxBytes) throw tooLarge(maxBytes)
    return body
  } finally {
    decoder.close()
  }
}

function collected(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const fail = (error: ProxyError) => {
      // What is left of it is read, so that the answer reaches who is still writing, and kept nowhere.
      request.off('data', take).resume()
      reject(error)
    }
    const take = (chunk: Buffer) => {
      length += chunk.length
      if (length > maxBytes) return fail(tooLarge(maxBytes))
      chunks.push(chunk)
    }
    request.on('data', take)
    request.once('end', () => resolve(Buffer.concat(chunks, length)))
    request.once('error', () => fail(gone()))
    request.once('close', () => fail(gone()))
  })
}

function tooLarge(maxBytes: number): ProxyError {
  return new ProxyError(
    'body_too_large',
    `the request body is larger than ${maxBytes / 1e6} MB, and nothing that was recorded`,
  )
}

function gone(): ProxyError {
  return new ProxyError('client_gone', 'the client went away while it was sending its request')
}
