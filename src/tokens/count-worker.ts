import { parentPort } from 'node:worker_threads'
import type { CountJob, CountReply } from './count-job.ts'
import { countO200k } from './o200k.ts'
import { rememberingCount } from './remembering-count.ts'
import { countRequest } from './request-count.ts'

/** Nobody waits so much longer because their job came with a long one. */
const replyEveryMs = 4

const count = rememberingCount(countO200k)
// Reads the tokens now: that is no part of the first job.
countO200k('')

parentPort?.on('message', (jobs: readonly CountJob[]) => {
  let replies: CountReply[] = []
  let endedMs = performance.now()
  let repliedMs = endedMs
  for (const job of jobs) {
    const counted = 'texts' in job ? job.texts.map(count) : countRequest(job.request, count)
    const nowMs = performance.now()
    replies.push({ id: job.id, counted, tookMs: nowMs - endedMs })
    endedMs = nowMs
    if (nowMs - repliedMs < replyEveryMs) continue
    parentPort?.postMessage(replies)
    replies = []
    repliedMs = nowMs
  }
  if (replies.length > 0) parentPort?.postMessage(replies)
})
