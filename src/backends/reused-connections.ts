import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const usedSockets = new WeakSet<Socket>()
let starting: ((connection: Connection) => void) | undefined
let subscribed = false

/** The connection that a request was written on. */
export interface Connection {
  /** It had carried a request before. */
  reused: boolean
  /** Bytes have come since this request was written. */
  hasAnswered(): boolean
}

/**
 * Tells `learn` which connection undici is about to write on. To be called in `onRequestStart`: undici publishes
 * the socket right after it, in the same call.
 */
export function onConnectionChosen(learn: (connection: Connection) => void): void {
  if (!subscribed) {
    subscribed = true
    subscribe('undici:client:sendHeaders', (message) => {
      const { socket } = message as { socket: Socket }
      const told = starting
      starting = undefined
      const readBefore = socket.bytesRead
      told?.({ reused: usedSockets.has(socket), hasAnswered: () => socket.bytesRead > readBefore })
      usedSockets.add(socket)
    })
  }
  starting = learn
}
