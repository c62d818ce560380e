import { LRUCache } from 'lru-cache'
import { ReadBody } from './read-body.ts'

/** Of bodies: what was read of them takes several times as much. */
const mostBytes = 3 * 1024 * 1024
const mostBytesEach = 2 * 1024 * 1024
/** Conversations of one session beside each other: sub-agents, titles; and what the proxy made of them. */
const mostEach = 4
/** Smaller ones are as soon read as compared. */
const leastBytes = 2048

/** The latest request bodies of each conversation, so that what the next ones say again need not be read again. */
export class RequestMemory {
  readonly #bodies = new LRUCache<string, readonly ReadBody[]>({
    maxSize: mostBytes,
    sizeCalculation: bytesOf,
  })

  /** Null for what is better read as a whole, or is no JSON object. */
  read(conversation: string, bytes: Buffer): ReadBody | null {
    if (bytes.length < leastBytes) return null
    const near = this.#bodies.get(conversation) ?? []
    const body = ReadBody.of(bytes, near)
    if (body?.hasNewElement) this.#remember(conversation, body, near)
    else body?.leaveBytes()
    return body
  }

  #remember(conversation: string, body: ReadBody, near: readonly ReadBody[]): void {
    // What it goes on from is not asked for again: its memory becomes this one's.
    const before = near.filter((other) => body.growsFrom(other))
    body.moveTo(before[0]?.bytes ?? null)
    const bodies = [body, ...near.filter((other) => !before.includes(other))].slice(0, mostEach)
    while (bodies.length > 1 && bytesOf(bodies) > mostBytesEach) bodies.pop()
    this.#bodies.set(conversation, bodies)
  }
}

function bytesOf(bodies: readonly ReadBody[]): number {
  return bodies.reduce((sum, { bytes }) => sum + bytes.length, 1)
}
