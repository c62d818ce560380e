import { parentPort } from 'node:worker_threads'
import { asProxyError } from '../../core/errors.ts'
import type { ProtocolName } from '../../core/protocol.ts'
import { inspectBody } from './inspect.ts'
import type { WorkerReply } from './inspector.ts'

parentPort?.on(
  'message',
  ({ id, protocol, bytes }: { id: number; protocol: ProtocolName; bytes: Uint8Array }) => {
    parentPort?.postMessage(
      reply(id, protocol, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    )
  },
)

function reply(id: number, protocol: ProtocolName, bytes: Buffer): WorkerReply {
  try {
    return { id, inspected: inspectBody(protocol, bytes) }
  } catch (thrown) {
    const { code, message, param } = asProxyError(thrown)
    return { id, error: { code, message, param } }
  }
}
