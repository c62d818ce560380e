import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const usedSockets = new WeakSet<Socket>()
let starting: ((reused: boolean) => void) | undefined
let subscribed = false

/**
 * Tells `learn` whether the connection that undici is about to write on has carried a request before. To be
 * called in `onRequestStart`: undici publishes the socket right after it, in the same call.
 */
export function onConnectionChosen(learn: (reused: boolean) => void): void {
  if (!subscribed) {
    subscribed = true
    subscribe('undici:client:sendHeaders', (message) => {
      const { socket } = message as { socket: Socket }
      const told = starting
      starting = undefined
      told?.(usedSockets.has(socket))
      usedSockets.add(socket)
    })
  }
  starting = learn
}
