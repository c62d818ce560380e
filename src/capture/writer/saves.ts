import type { Clock } from '../../core/clock.ts'
import { CaptureError } from '../format/capture-error.ts'
import type { SavedCapture } from './settings.ts'
import type { ThreadReply } from './thread-talk.ts'

interface Asked {
  resolve: (saved: SavedCapture) => void
  reject: (error: CaptureError) => void
}

const issueEveryNs = 60e9

/** What was asked to be saved and is not yet. */
export class Saves {
  readonly #clock: Clock
  readonly #asked = new Map<number, Asked>()
  #nextId = 1
  #issueSavedNs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get areAwaited(): boolean {
    return this.#asked.size > 0
  }

  ask(send: (id: number) => void): Promise<SavedCapture> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      this.#asked.set(id, { resolve, reject })
      send(id)
    })
  }

  answer(reply: Extract<ThreadReply, { is: 'saved' | 'failed' }>): void {
    const asked = this.#asked.get(reply.id)
    this.#asked.delete(reply.id)
    if (reply.is === 'saved') asked?.resolve(reply.saved)
    else asked?.reject(new CaptureError(reply.code, reply.message))
  }

  fail(message: string): void {
    for (const { reject } of this.#asked.values()) reject(new CaptureError('unwritable', message))
    this.#asked.clear()
  }

  /** At most once a minute. */
  mayForIssue(): boolean {
    const nowNs = this.#clock.monotonicNs()
    if (nowNs - this.#issueSavedNs < issueEveryNs) return false
    this.#issueSavedNs = nowNs
    return true
  }
}
