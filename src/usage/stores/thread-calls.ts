import { parentPort, Worker } from 'node:worker_threads'
import { StoreError, type StoreErrorCode } from './store.ts'

interface Request {
  id: number
  method: string
  values: readonly unknown[]
}

/** What a call gives, with the memory that goes over to who called instead of being copied. */
export class Given<T> {
  readonly value: T
  readonly memory: readonly ArrayBufferLike[]

  constructor(value: T, memory: readonly ArrayBufferLike[]) {
    this.value = value
    this.memory = memory
  }
}

type Reply = { id: number } & ({ value: unknown } | { code: StoreErrorCode; message: string })

/** A thread that is asked by name. */
export interface ThreadCalls {
  /** Rejects with `StoreError`. */
  call<T>(method: string, ...values: readonly unknown[]): Promise<T>
  /** After everything that was asked. */
  close(): Promise<void>
}

/** `source` and `data` as `new Worker` takes them. A thread that dies is started anew with the next call. */
export function threadCalls(source: { source: URL | string; eval: boolean }, data: unknown): ThreadCalls {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let worker: Worker | undefined
  let nextId = 0

  function lost(which: Worker, cause: Error): void {
    if (worker !== which) return
    worker = undefined
    for (const { reject } of waiting.values()) {
      reject(new StoreError('lost', `the thread of the ledger ended: ${cause.message}`, { cause }))
    }
    waiting.clear()
  }

  function started(): Worker {
    if (worker) return worker
    const made = new Worker(source.source, {
      ...{ eval: source.eval, workerData: data },
      // By default a thread takes 50 MB more, for nothing.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    made.on('message', (reply: Reply) => {
      const asked = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (waiting.size === 0) made.unref()
      if ('code' in reply) asked?.reject(new StoreError(reply.code, reply.message))
      else asked?.resolve(reply.value as never)
    })
    made.on('error', (cause) => lost(made, cause))
    made.on('exit', (code) => lost(made, new Error(`code ${code}`)))
    made.unref()
    worker = made
    return made
  }

  const call = <T>(method: string, ...values: readonly unknown[]) =>
    new Promise<T>((resolve, reject) => {
      const id = nextId++
      waiting.set(id, { resolve, reject })
      const thread = started()
      // Only an answer that somebody waits for keeps the process.
      thread.ref()
      thread.postMessage({ id, method, values } satisfies Request)
    })

  return {
    call,
    async close() {
      if (!worker) return
      await call('close').catch(() => {})
      const ending = worker
      worker = undefined
      await ending?.terminate()
    },
  }
}

export type Handlers = Readonly<Record<string, (...values: never[]) => unknown>>

/** The thread's side: answers what `handlers` can. */
export function serveCalls(handlers: Handlers, asStoreError: (error: unknown) => StoreError): void {
  parentPort?.on('message', async ({ id, method, values }: Request) => {
    try {
      const value = await handlers[method]?.(...(values as never[]))
      if (value instanceof Given) reply({ id, value: value.value }, value.memory)
      else reply({ id, value })
    } catch (error) {
      const { code, message } = asStoreError(error)
      reply({ id, code, message })
    }
  })
}

function reply(reply: Reply, memory: readonly ArrayBufferLike[] = []): void {
  parentPort?.postMessage(reply, memory as ArrayBuffer[])
}
