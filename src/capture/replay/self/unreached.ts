import { ProxyError } from '../../../core/errors.ts'
import type { ExchangeView } from '../../view/view.ts'

/** Why an attempt's backend could not be reached, in the recorded words, which name what the network said; null: it was. */
export function refusalOf({ attempts, closed }: ExchangeView, number: number): ProxyError | null {
  const told = closed?.attempts.find(({ n }) => n === number)
  if (told?.error !== 'connect_failed') return null
  const words = attempts.find((attempt) => attempt.number === number)?.btp?.end?.error
  return new ProxyError('connect_failed', words ?? 'the backend could not be reached')
}
