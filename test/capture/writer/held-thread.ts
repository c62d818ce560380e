import type { Worker } from 'node:worker_threads'
import { startWriteThread } from '../../../src/capture/writer/thread-run.ts'
import type { ThreadSetup } from '../../../src/capture/writer/thread-talk.ts'

/** Threads that write which hear nothing until they are released. */
export function heldThreads() {
  const threads: Worker[] = []
  const held: (() => void)[] = []
  const posted = { bytes: 0, batches: 0, largest: 0 }
  let isHeld = false
  return {
    threads,
    posted,
    hold() {
      isHeld = true
    },
    /** The first of what is held. False: nothing is. */
    releaseOne(): boolean {
      const post = held.shift()
      post?.()
      return post !== undefined
    },
    release() {
      isHeld = false
      for (const post of held.splice(0)) post()
    },
    start(setup: ThreadSetup): Worker {
      const thread = startWriteThread(setup)
      const post = thread.postMessage.bind(thread)
      thread.postMessage = (what: unknown, memory?: readonly ArrayBuffer[]) => {
        if (what instanceof ArrayBuffer) {
          posted.batches++
          posted.bytes += what.byteLength
          posted.largest = Math.max(posted.largest, what.byteLength)
        }
        const go = () => post(what, memory as ArrayBuffer[])
        if (isHeld) held.push(go)
        else go()
      }
      threads.push(thread)
      return thread
    },
  }
}
