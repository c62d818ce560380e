import { afterEach, describe, expect, test } from 'vitest'
import { rawRequest } from '../support/raw-client.ts'
import { type ExpectedError, expectError } from './error-shapes.ts'
import { type ProtocolClient, protocolClients } from './protocol-clients.ts'
import { rawCall } from './raw-call.ts'

/** One line of a table: what is sent, and the error that every client must get in its own shape. */
export interface Refusal extends Omit<ExpectedError, 'words'> {
  name: string
  words: ExpectedError['words'] | ((client: ProtocolClient) => ExpectedError['words'])
  send: (client: ProtocolClient) => Uint8Array
  /** Protocols where this cannot be sent. */
  except?: readonly ProtocolClient['protocol'][]
}

/** A test for each line and each client; after each the proxy must be alive and free. */
export function testRefusals(rows: readonly Refusal[], port: () => number): void {
  afterEach(() => expectAlive(port()))
  describe.each(protocolClients)('a client of $protocol', (client) => {
    test.each(rows.filter((row) => !row.except?.includes(client.protocol)))(
      'gets $code ($status) for $name',
      async (row) => {
        const words = typeof row.words === 'function' ? row.words(client) : row.words
        expectError(client.protocol, await rawRequest(port(), row.send(client)), { ...row, words })
      },
    )
  })
}

export async function expectAlive(port: number): Promise<void> {
  const alive = await rawRequest(port, rawCall({ method: 'GET', path: '/healthz', contentLength: null }))
  expect({ status: alive.status, text: alive.text }).toEqual({ status: 200, text: '{"status":"ok"}' })
}
