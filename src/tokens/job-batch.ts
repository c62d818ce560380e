import type { CountJob } from './count-job.ts'
import type { RequestToCount } from './request-count.ts'

/** Bodies behind the first share pieces of memory of this size. */
const sharedBytes = 64 * 1024

/** Jobs that go to the counting thread together. */
export class JobBatch {
  readonly jobs: CountJob[] = []
  /** Where the bodies are: it goes over to the thread instead of being copied again. */
  readonly memory: ArrayBuffer[] = []
  units = 0
  #free = new Uint8Array(0)

  addTexts(id: number, texts: readonly string[]): void {
    this.jobs.push({ id, texts })
  }

  /** The body is copied at once. */
  addRequest(id: number, request: RequestToCount): void {
    const { protocol, model, stream, counts } = request
    this.jobs.push({ id, request: { protocol, model, stream, counts, body: this.#copy(request.body) } })
  }

  #copy(body: Uint8Array): Uint8Array {
    const { length } = body
    if (length > this.#free.length) {
      const memory = new ArrayBuffer(this.memory.length === 0 ? length : Math.max(length, sharedBytes))
      this.memory.push(memory)
      this.#free = new Uint8Array(memory)
    }
    const copy = this.#free.subarray(0, length)
    this.#free = this.#free.subarray(length)
    copy.set(body)
    return copy
  }
}
