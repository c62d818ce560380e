import type { ProtocolName } from '../../../src/core/protocol-name.ts'
import { end, head, type Script, write } from '../../support/fake-provider.ts'
import type { CaseName } from '../cases.ts'

// biome-ignore lint/suspicious/noExplicitAny: what a provider receives may be of any shape; the checks say which it must have.
export type Received = any

/** How the providers of one protocol answer the cases, and what they must have been asked. */
export interface MatrixBackend {
  protocol: ProtocolName
  /** The preset's type, and a model of it that can do all the cases. */
  type: string
  model: string
  answer(name: CaseName, streams: boolean): Script
  /** Throws where the request is not what this protocol's provider would take. */
  check(name: CaseName, body: Received): void
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  const text = JSON.stringify(body)
  const length = String(Buffer.byteLength(text))
  return [
    head(status, { 'content-type': 'application/json', 'content-length': length, ...headers }),
    write(text),
    end(),
  ]
}

/** One write for each block, so that they come as chunks of their own. */
export function events(blocks: readonly string[]): Script {
  return [head(200, { 'content-type': 'text/event-stream' }), ...blocks.map((block) => write(block)), end()]
}
