import { parentPort } from 'node:worker_threads'
import { countO200k } from './o200k.ts'
import { rememberingCount } from './remembering-count.ts'
import type { CountJob, CountReply } from './token-counter.ts'

const count = rememberingCount(countO200k)

parentPort?.on('message', ({ id, texts }: CountJob) => {
  parentPort?.postMessage({ id, counts: texts.map(count) } satisfies CountReply)
})
