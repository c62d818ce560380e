import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { LegView } from '../../view/view.ts'

/**
 * Of one connection, or not true any more: encodings are undone in a capture. Nothing in a file may send a client
 * elsewhere or leave anything with it.
 */
const dropped = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'te', 'trailer', 'upgrade'],
  ...['content-encoding', 'content-length', 'set-cookie', 'set-cookie2', 'proxy-authenticate'],
  ...['alt-svc', 'location', 'content-location', 'refresh', 'link', 'strict-transport-security'],
  'x-llmproxy-replay',
])

const withoutBody = new Set([204, 304])

export interface AnswerHead {
  status: number
  /** Name, value, name, value… */
  headers: string[]
  hasBody: boolean
}

/** The recorded head for another connection; `replay`: how the recording was found. */
export function answerHead(answer: LegView, isWhole: boolean, replay: 'exact' | 'fuzzy'): AnswerHead {
  const status = answer.status !== null && answer.status >= 200 && answer.status <= 599 ? answer.status : 200
  const kept = answer.headers.filter(([name, value]) => !dropped.has(name) && isValid(name, value))
  const length = answer.chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const isSized = answer.headers.some(([name]) => name === 'content-length')
  const isTyped = answer.headers.some(([name]) => name === 'content-type')
  const hasBody = !withoutBody.has(status)
  return {
    status,
    hasBody,
    headers: [
      ...kept,
      // Files of the original have no heads of answers.
      ...(isTyped || length === 0 ? [] : [['content-type', typeOf(answer)] as const]),
      ...(isSized && isWhole && hasBody ? [['content-length', String(length)] as const] : []),
      ['x-llmproxy-replay', replay] as const,
    ].flat(),
  }
}

function isValid(name: string, value: string): boolean {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    return true
  } catch {
    return false
  }
}

function typeOf({ chunks }: LegView): string {
  const start = Buffer.from(chunks[0]?.bytes ?? []).toString('latin1', 0, 16)
  return /^\s*(?:event|data|id|:)/.test(start) ? 'text/event-stream' : 'application/json'
}
