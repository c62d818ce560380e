import { parentPort } from 'node:worker_threads'
import { asProxyError } from '../../core/errors.ts'
import { type BodyTask, doTask } from './body-task.ts'
import type { WorkerReply } from './body-work.ts'

parentPort?.on('message', ({ id, task, bytes }: { id: number; task: BodyTask; bytes: Uint8Array }) => {
  parentPort?.postMessage(reply(id, task, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
})

function reply(id: number, task: BodyTask, bytes: Buffer): WorkerReply {
  try {
    return { id, result: doTask(task, bytes) }
  } catch (thrown) {
    const { code, message, param } = asProxyError(thrown)
    return { id, error: { code, message, param } }
  }
}
