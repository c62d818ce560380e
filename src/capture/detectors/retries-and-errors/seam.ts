import { isObject } from '../../../core/json.ts'
import type { RawEvent } from '../../view/reading.ts'
import { chatSeam } from './seams/chat-seam.ts'
import { geminiSeam } from './seams/gemini-seam.ts'
import { messageSeam } from './seams/message-seam.ts'
import { responseSeam } from './seams/response-seam.ts'
import type { SeamTold } from './seams/seam-follower.ts'

export interface Seam extends SeamTold {
  at: RawEvent
}

/** Where another answer begins before the first one has ended; null where none does. */
export function seamIn(raw: readonly RawEvent[]): Seam | null {
  const followers = [chatSeam(), messageSeam(), responseSeam(), geminiSeam()]
  for (const at of raw) {
    const { json } = at
    if (!at.isWhole || !isObject(json)) continue
    for (const follow of followers) {
      const told = follow(json)
      if (told) return { at, ...told }
    }
  }
  return null
}
