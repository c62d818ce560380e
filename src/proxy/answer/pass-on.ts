import type { Observation } from '../observation.ts'
import type { Outlet } from './outlet.ts'
import type { Flow } from './receiver.ts'

export interface PassOnParts {
  outlet: Outlet
  observation: Observation
  flow: Flow
  onPaused: (paused: boolean) => void
}

/**
 * Writes bytes on to the client, and stops the backend while the reader is behind. Nothing is written to a client
 * that has gone.
 */
export function passOn(bytes: Uint8Array, { outlet, observation, flow, onPaused }: PassOnParts): void {
  if (outlet.gone) return
  const readerKeepsUp = outlet.write(bytes, () => {
    observation.clientTurned(false)
    onPaused(false)
    flow.resume()
  })
  if (!readerKeepsUp) {
    observation.clientTurned(true)
    onPaused(true)
    flow.pause()
  }
  observation.passed('PTC', bytes, observation.nowNs())
}
