import type { ExchangeView } from '../view/view.ts'

/** Whether the client went away before its answer had ended. */
export function clientLeft({ ptc, ctp, closed }: ExchangeView): boolean {
  if (ptc?.end?.why === 'abort_client' || ctp?.end?.why === 'abort_client') return true
  return closed?.incomplete_reason === 'client_disconnect' || errorCode(closed?.error) === 'client_gone'
}

/** The code of an error of ours, as an interpretation tells it. */
export function errorCode(told: string | undefined): string | null {
  return /^[a-z_]+/.exec(told ?? '')?.[0] ?? null
}
