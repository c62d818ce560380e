import type { Reply } from '../mind.ts'

/** A reply with what its protocol's envelope needs. */
export interface DemoAnswer {
  reply: Reply
  /** As the client asked for it. */
  model: string
  createdAtMs: number
}
