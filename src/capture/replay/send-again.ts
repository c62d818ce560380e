import type { Clock } from '../../core/clock.ts'
import type { HeaderPairs } from '../../core/http.ts'
import type { ExchangeView } from '../view/view.ts'
import type { CaptureEntry } from '../writer/entries.ts'
import type { AnswerEnd, ReplayClient } from './client.ts'
import type { ClientRequest } from './client-request.ts'
import { ClientSide } from './client-side.ts'
import { RunMemory } from './run-memory.ts'

export interface SendAgainParts {
  client: ReplayClient
  clock: Clock
  /** Ids of new exchanges. */
  nextId: () => string
  /** Is given all that passes, to be saved. */
  write?: ((entry: CaptureEntry) => void) | undefined
}

export interface SentAgain {
  /** As its client saw it. */
  view: ExchangeView
  end: AnswerEnd
  /** The content encoding of an answer that should have none. */
  encoding: string | null
}

/** Sends requests as clients do, and keeps of each what its client saw. */
export function sendAgain({ client, clock, nextId, write }: SendAgainParts) {
  const sinceMs = clock.nowMs() - clock.monotonicNs() / 1e6
  const memory = new RunMemory((t) => sinceMs * 1e6 + t)

  /** `leavesAfter`: of so many bytes of the answer on it leaves. */
  return async (
    recorded: ExchangeView,
    request: ClientRequest,
    { leavesAfter, signal }: { leavesAfter: number | null; signal: AbortSignal },
  ): Promise<SentAgain> => {
    const id = nextId()
    const side = new ClientSide({
      ...{ id, recorded, clock },
      write(entry) {
        memory.take(entry)
        write?.(entry)
      },
    })
    const leaving = new AbortController()
    const leave = () => {
      if (leavesAfter !== null && side.bytes >= leavesAfter) leaving.abort()
    }
    side.asked(request)
    const end = await client.send(
      request,
      {
        head(status: number, headers: HeaderPairs) {
          side.head(status, headers)
          leave()
        },
        data(bytes) {
          side.data(bytes)
          leave()
        },
      },
      AbortSignal.any([signal, leaving.signal]),
    )
    side.ended(end)
    const view = memory.release(id)
    if (view === null) throw new Error(`nothing is known of exchange ${id}`)
    return { view, end, encoding: side.encoding }
  }
}
