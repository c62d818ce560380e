import { parentPort } from 'node:worker_threads'
import { countO200k } from './o200k.ts'
import { rememberingCount } from './remembering-count.ts'
import { countRequest } from './request-count.ts'
import type { CountJob, CountReply } from './token-counter.ts'

const count = rememberingCount(countO200k)

parentPort?.on('message', (job: CountJob) => {
  const counted = 'texts' in job ? job.texts.map(count) : countRequest(job.request, count)
  parentPort?.postMessage({ id: job.id, counted } satisfies CountReply)
})
