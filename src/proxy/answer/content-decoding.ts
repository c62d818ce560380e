import { ProxyError } from '../../core/errors.ts'
import { decoderFor } from '../body/content-encoding.ts'
import type { Flow, Receiver } from './receiver.ts'

/**
 * Undoes a stream's content-encoding on its way to a receiver, with backpressure through both. Undefined when
 * the encoding is not known: the bytes must then pass as they are.
 */
export function decodingReceiver(
  encoding: string,
  backend: Flow,
  makeReceiver: (flow: Flow) => Receiver,
): Receiver | undefined {
  const decoder = decoderFor(encoding, { cutAllowed: true })
  if (!decoder) return undefined
  const receiver = makeReceiver({ pause: () => decoder.pause(), resume: () => decoder.resume() })
  let failure: ProxyError | undefined
  let settled = false
  const settle = () => {
    if (settled) return
    settled = true
    if (failure) receiver.failed(failure)
    else receiver.ended()
  }
  decoder.on('data', (bytes: Buffer) => receiver.data(bytes))
  decoder.on('end', settle)
  decoder.on('drain', () => backend.resume())
  decoder.on('error', (cause) => {
    failure ??= new ProxyError('backend_answer', `the backend's answer is not valid ${encoding}`, { cause })
    settle()
  })
  return {
    data(bytes) {
      if (!decoder.write(bytes)) backend.pause()
    },
    ended: () => void decoder.end(),
    // What was received before the cut is decoded first, so that the client gets all of it.
    failed(error) {
      failure = error
      decoder.end()
    },
    clientGone: () => receiver.clientGone(),
  }
}
