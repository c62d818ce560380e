import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { decompress as unzstd } from 'fzstd'
import type { JsonObject } from '../../src/core/json.ts'
import { sseBlocks } from '../support/sse-text.ts'
import type { Random } from './random.ts'
import type { RecordedCall } from './recorded-call.ts'
import type { Variant } from './variant.ts'

/** The request's JSON as the variant writes it. */
export function requestText(body: JsonObject, form: Variant['request']['form'], random: Random): string {
  if (form === 'recorded') return JSON.stringify(body)
  if (form === 'crlf') return `${JSON.stringify(body, null, '\t').replaceAll('\n', '\r\n')}\r\n`
  return oddly(JSON.stringify(body), random)
}

/** The answer's body as the variant writes it, before any encoding. */
export function answerText({ recorded }: RecordedCall, { lineEnds, array }: Variant['answer']): string {
  const { body } = recorded.response
  const text = array
    ? `[${sseBlocks(body)
        .map((block) => block.data)
        .join('\n,\n')}\n]\n`
    : body
  return lineEnds === 'crlf' ? text.replace(/\r?\n/g, '\r\n') : text
}

/** What a sender meant by a body with this `content-encoding`. */
export function decoded(body: Buffer, encoding: string | undefined): Buffer {
  switch (encoding) {
    case 'gzip':
      return gunzipSync(body)
    case 'br':
      return brotliDecompressSync(body)
    case 'deflate':
      return inflateSync(body)
    case 'zstd':
      return Buffer.from(unzstd(body))
    default:
      return body
  }
}

/** Sizes of pieces, so large for large bodies that no body is cut into thousands. */
export function pieceSizes(length: number, random: Random): number[] {
  const tiny = length < 8_192 ? ([7, 400] as const) : ([400] as const)
  const largest = random.pick([Math.max(400, Math.ceil(length / 300)), ...tiny])
  return Array.from({ length: 16 }, () => random.int(1, largest))
}

const jsonToken = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g

/** The same JSON in a form that no serialiser writes: odd white space, escapes, number forms. */
function oddly(json: string, random: Random): string {
  const space = () => random.pick(['', '', ' ', '\t', '\n', '\r\n ', '  '])
  return `${space()}${json.replace(jsonToken, (token) => odd(token, random) + space())}`
}

function odd(token: string, random: Random): string {
  if (/^-?\d+$/.test(token)) return token + random.pick(['', '.0', 'e0', 'E+0'])
  if (!/^"\w{2,}"$/.test(token)) return token
  const at = random.int(1, token.length - 2)
  const escaped = `\\u${token.charCodeAt(at).toString(16).padStart(4, '0')}`
  return random.pick([token, token, token.slice(0, at) + escaped + token.slice(at + 1)])
}
