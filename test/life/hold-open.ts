import { type ProtocolClient, streamOf } from '../errors/protocol-clients.ts'
import { type FakeProvider, waitFor } from '../support/fake-provider.ts'
import { type OpenStream, openStream } from '../support/raw-client.ts'

export interface RunningStream {
  answer: OpenStream
  /** What has come so far. */
  begun: string
  /** Lets the provider go on to its end. */
  goOn: () => void
  /** What is still to come, once it is here; throws when it is cut. */
  rest: () => Promise<string>
  /** The same, cut or not. */
  drain: OpenStream['drain']
  /** All that the provider sends. */
  whole: string
}

/** A stream through a proxy that has said its first words and is held there. */
export async function holdOpen(
  proxyUrl: string,
  provider: FakeProvider,
  client: ProtocolClient,
  { model = 'm', headers = {} }: { model?: string; headers?: Record<string, string> } = {},
): Promise<RunningStream> {
  let goOn = () => {}
  const held = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const pieces = ['first words', ' second', ' third'] as const
  const script = streamOf(client, pieces, waitFor(held))
  provider.answer((request) => (request.method === 'GET' ? [] : script))
  const answer = await openStream(proxyUrl + client.path(model, true), {
    body: JSON.stringify(client.body(model, true)),
    headers,
  })
  let begun = ''
  const chunks = answer.chunks[Symbol.asyncIterator]()
  while (!begun.includes(pieces[0])) {
    const next = await chunks.next()
    if (next.done) throw new Error(`the stream ended after: ${begun}`)
    begun += next.value.bytes.toString()
  }
  const drain = async () => {
    let text = ''
    try {
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
        text += next.value.bytes.toString()
      }
      return { text, cut: false }
    } catch {
      return { text, cut: true }
    }
  }
  return {
    ...{ answer, begun, goOn, drain, whole: client.frames(pieces).join('') },
    async rest() {
      const { text, cut } = await drain()
      if (cut) throw new Error(`the stream was cut after: ${begun}${text}`)
      return text
    },
  }
}
