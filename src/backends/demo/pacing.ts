import type { ServerResponse } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import type { Reply } from './mind.ts'

/** A piece of a stream, and how long after the piece before it comes. */
export interface Beat {
  afterMs: number
  text: string
}

const firstTokenMs = 50
const tokenMs = 20

/** When the reply's pieces come: the first after a little thought, the others at the pace of a quick model. */
export function paceOf(): () => number {
  let begun = false
  return () => {
    const afterMs = begun ? tokenMs : firstTokenMs
    begun = true
    return afterMs
  }
}

/** A call's arguments in the pieces in which they are streamed. */
export function argumentPieces(call: Reply['calls'][number]): string[] {
  return JSON.stringify(call.arguments).match(/.{1,16}/gsu) ?? []
}

/** Writes the beats at their times and ends the answer. Waits for a slow reader, stops when it goes. */
export function play(beats: readonly Beat[], answer: ServerResponse, clock: Clock): void {
  let next = 0
  let timer: { cancel(): void } | undefined
  answer.once('close', () => timer?.cancel())
  const goOn = (waited: boolean) => {
    let dueNow = waited
    for (let beat = beats[next]; beat && !answer.destroyed; beat = beats[next]) {
      if (beat.afterMs > 0 && !dueNow) {
        timer = clock.after(beat.afterMs, () => goOn(true))
        return
      }
      dueNow = false
      next++
      if (!answer.write(beat.text)) {
        answer.once('drain', () => goOn(false))
        return
      }
    }
    answer.end()
  }
  goOn(false)
}
