import { ProxyError } from '../../../core/errors.ts'
import type { Json } from '../../../core/json.ts'
import { printable } from '../../../core/printable.ts'
import type { AskedRequest } from './asked-request.ts'
import type { Nearest } from './nearest.ts'
import type { Recording } from './recordings.ts'

const shownCharacters = 60
const shownBefore = 15

export interface MissFacts {
  asked: AskedRequest
  /** Recordings of this very request, which were all given. */
  used: readonly Recording[]
  nearest: Nearest | null
  isStrict: boolean
  /** What misses are answered with. */
  status: number
}

/**
 * Why no recording answers, as an error for the client. Who counts tokens goes on without where a server has no such
 * route, but not where it fails.
 */
export function missError({ asked, used, nearest, isStrict, status }: MissFacts): ProxyError {
  const details = {
    status: asked.endpoint.kind === 'count_tokens' ? 404 : status,
    ...(nearest?.difference && { param: nearest.difference.path }),
  }
  const [lastUsed] = used.slice(-1)
  if (lastUsed) {
    const count = used.length === 1 ? 'its only recording was' : `all its ${used.length} recordings were`
    return new ProxyError(
      'replay_miss',
      `${count} given already, last ${nameOf(lastUsed)}; --reuse last gives it again`,
      details,
    )
  }
  const what = `no recording answers this request${isStrict ? ' exactly (--strict)' : ''}`
  if (nearest === null) {
    const name = printable(asked.endpoint.name, 100)
    return new ProxyError('replay_miss', `${what}: the capture has none of ${name}`, details)
  }
  const { recording, difference } = nearest
  const where = difference ? `, where ${differenceText(difference)}` : ''
  return new ProxyError('replay_miss', `${what}; the nearest is ${nameOf(recording)}${where}`, details)
}

function nameOf({ exchange, attempt }: Pick<Recording, 'exchange' | 'attempt'>): string {
  const count = exchange.attempts.length
  return attempt === null || count < 2 ? exchange.id : `${exchange.id} attempt ${attempt}`
}

function differenceText({ path, before, after }: NonNullable<Nearest['difference']>): string {
  const [was, is] = [textOf(before), textOf(after)]
  let at = 0
  while (at < was.length && was[at] === is[at]) at++
  const shown = (text: string) => printable(cut(text, at))
  const here = after === undefined ? 'and is not in the request' : `not ${shown(is)}`
  return `${printable(path === '' ? 'the body' : path, 200)} is ${shown(was)}, ${here}`
}

function textOf(value: Json | undefined): string {
  return value === undefined ? 'not there' : JSON.stringify(value)
}

/** From a little before where two texts part. */
function cut(text: string, at: number): string {
  if (text.length <= shownCharacters) return text
  const from = Math.max(0, Math.min(at - shownBefore, text.length - shownCharacters))
  const end = from + shownCharacters
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`
}
