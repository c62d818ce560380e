import type { Socket } from 'node:net'
import { Answering } from './answering.ts'
import type { RecordedRequest } from './recorded-request.ts'
import { type ReadRequest, RequestReader } from './request-reader.ts'
import type { Script } from './steps.ts'

/** When a provider ends connections that could be used again. */
export interface KeepAlive {
  /** Closes the idle connection after so many answers. */
  closeIdleAfterRequests?: number
  /** Closes a connection that has served a request just as its next one arrives, before any byte of an answer. */
  closeOnNextRequest?: boolean
}

export interface Host {
  keepAlive: KeepAlive
  /** A reused connection was closed on its next request, which is not recorded. */
  refusedReuse(): void
  /** Keeps the request and says what to do with it. */
  received(request: RecordedRequest): Script | Promise<Script>
}

/** Serves one accepted connection: requests one after the other, each with its script. */
export function serveConnection(socket: Socket, number: number, host: Host): void {
  const reader = new RequestReader()
  const waiting: ReadRequest[] = []
  let busy = false
  let answered = 0
  let current: (() => void) | undefined
  const gone = new Promise<void>((resolve) =>
    socket.once('close', () => {
      current?.()
      resolve()
    }),
  )
  socket.setNoDelay(true)
  socket.on('error', () => {})

  const serveNext = async () => {
    const read = busy ? undefined : waiting.shift()
    if (!read) return
    busy = true
    const { request, settle } = recorded(read, number)
    const answering = new Answering(request, socket, gone)
    current = () => {
      answering.clientGone()
      settle(answering.ended === null)
    }
    if (socket.destroyed) current()
    await run(await host.received(request), answering)
    answering.end()
    settle(answering.ended === null)
    busy = false
    answered++
    if (answered === host.keepAlive.closeIdleAfterRequests) socket.destroySoon()
    else if (!answering.lastOfConnection) await serveNext()
  }

  socket.on('data', (bytes: Buffer) => {
    if (host.keepAlive.closeOnNextRequest && answered > 0 && !busy) {
      host.refusedReuse()
      socket.destroy()
      return
    }
    waiting.push(...reader.push(bytes))
    void serveNext()
  })
}

async function run(script: Script, answering: Answering): Promise<void> {
  for (const step of script) {
    if (answering.over) return
    await step(answering)
  }
}

function recorded(
  read: ReadRequest,
  connection: number,
): { request: RecordedRequest; settle: (byClient: boolean) => void } {
  let close: (at: { atMs: number }) => void = () => {}
  let finish: () => void = () => {}
  const request: RecordedRequest = {
    ...read,
    receivedAtMs: performance.now(),
    connection,
    closedAtMs: null,
    closed: new Promise((resolve) => {
      close = resolve
    }),
    done: new Promise((resolve) => {
      finish = resolve
    }),
  }
  let settled = false
  const settle = (byClient: boolean) => {
    if (settled) return
    settled = true
    finish()
    if (!byClient) return
    const atMs = performance.now()
    request.closedAtMs = atMs
    close({ atMs })
  }
  return { request, settle }
}
