import { Worker } from 'node:worker_threads'
import { asProxyError, type ErrorCode, ProxyError } from '../../core/errors.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { workerEntry } from '../../core/worker-entry.ts'
import type { TranslatedRequest, TranslationJob } from '../translation/translate-request.ts'
import { type BodyTask, doTask, type TaskResults } from './body-task.ts'
import type { InspectedBody } from './inspect.ts'

/** Work on bodies: small ones at once, big ones in a worker, so that no body stops the streams of others. */
export interface BodyWork {
  /** `measures`: also how much it can come to. */
  inspect(protocol: ProtocolName, bytes: Buffer, measures?: boolean): Promise<InspectedBody>
  translate(bytes: Buffer, job: TranslationJob): Promise<TranslatedRequest>
  close(): Promise<void>
}

export type WorkerReply = { id: number } & (
  | { result: TaskResults[BodyTask['kind']] }
  | { error: { code: ErrorCode; message: string; param: string | null } }
)

const workerFromBytes = 1 << 20

export function createBodyWork(): BodyWork {
  let worker: Worker | undefined
  let nextId = 0
  const waiting = new Map<number, (reply: WorkerReply | Error) => void>()

  function started(): Worker {
    if (worker) return worker
    const made = startWorker()
    made.on('message', (reply: WorkerReply) => {
      waiting.get(reply.id)?.(reply)
      waiting.delete(reply.id)
    })
    const lost = (error: Error) => {
      if (worker === made) worker = undefined
      for (const settle of waiting.values()) settle(error)
      waiting.clear()
    }
    made.on('error', lost)
    made.on('exit', (code) => {
      if (worker === made) lost(new Error(`the worker that reads bodies ended with code ${code}`))
    })
    // After the listeners: the one for messages would hold the process again.
    made.unref()
    worker = made
    return made
  }

  async function work(task: BodyTask, bytes: Buffer): Promise<TaskResults[BodyTask['kind']]> {
    if (bytes.length < workerFromBytes) return doTask(task, bytes)
    const id = nextId++
    const reply = await new Promise<WorkerReply | Error>((resolve) => {
      waiting.set(id, resolve)
      started().postMessage({ id, task, bytes })
    })
    if (reply instanceof Error) throw asProxyError(reply)
    if ('result' in reply) return reply.result
    const { code, message, param } = reply.error
    throw new ProxyError(code, message, param === null ? {} : { param })
  }

  return {
    inspect: (protocol, bytes, measures = false) =>
      work({ kind: 'inspect', protocol, measures }, bytes) as Promise<InspectedBody>,
    translate: (bytes, job) => work({ kind: 'translate', job }, bytes) as Promise<TranslatedRequest>,
    async close() {
      await worker?.terminate()
    },
  }
}

function startWorker(): Worker {
  const entry = workerEntry(import.meta, 'body-worker')
  return new Worker(entry.source, { eval: entry.eval })
}
