import type { AttemptView } from '../../view/view.ts'
import type { Subject } from '../detector.ts'

/** Whether the backend was asked in another protocol than the client's. */
export function isTranslated({ exchange }: Subject, { protocol }: AttemptView): boolean {
  return protocol !== null && exchange.protocol !== null && protocol !== exchange.protocol
}

/** What the proxy says that it could not carry, in the client's words; null where the exchange never closed. */
export function droppedOf({ exchange }: Subject, attempt: AttemptView): readonly string[] | null {
  const interpreted = exchange.closed?.attempts.find(({ n }) => n === attempt.number)
  return interpreted ? (interpreted.dropped ?? []) : null
}
