import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import type { CaseName, Facts } from '../cases.ts'

/** One protocol's official SDK. */
export interface MatrixClient {
  protocol: ProtocolName
  /** Makes the call of a case at `url` (the proxy's, with a backend's name) and reads what came of it. */
  ask(name: CaseName, asked: { url: string; model: string; streams: boolean }): Promise<Facts>
}

export const nothing: Facts = { said: '', reasoning: '', calls: [], stop: null, usage: null, error: null }

/** What the SDK threw. Errors within a stream have no status: it went out before. */
export function failure(thrown: unknown): NonNullable<Facts['error']> {
  const { status, message, error } = thrown as {
    status?: number
    message: string
    error?: { message?: string }
  }
  // Before the provider's words OpenAI's SDK puts the status.
  return { status: status ?? null, message: error?.message ?? message }
}
