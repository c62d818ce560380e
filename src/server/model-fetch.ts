import { chooseCredential } from '../backends/credentials.ts'
import type { Pools } from '../backends/pools.ts'
import { requestHeaders } from '../backends/request-headers.ts'
import { requestUrl } from '../backends/request-url.ts'
import { send } from '../backends/send.ts'
import type { Backend } from '../core/backend.ts'
import type { Clock } from '../core/clock.ts'
import type { Json } from '../core/json.ts'
import type { ProviderFamily } from '../core/protocol.ts'
import { parseModelList } from '../models/parse-model-list.ts'
import type { FetchList, ListCredential } from '../models/ports.ts'

const limitMs = 10_000
const maxBytes = 16 << 20

/** One page, as large as the provider allows; OpenAI's has no size. */
const query: Readonly<Record<string, string>> = { anthropic: '?limit=1000', gemini: '?pageSize=1000' }

/**
 * Asks a backend for its models over the pools of the traffic. Fails after ten seconds. The list is kept on
 * disk, so that what `redactText` would overwrite in it is no name of a model.
 */
export function createModelFetch(
  pools: Pools,
  clock: Clock,
  redactText: (text: string) => string,
): FetchList {
  return async (backend, credential) => {
    const headers = listHeaders(backend, credential)
    const url = requestUrl(backend, '/v1/models', query[backend.family ?? ''] ?? '')
    const body = await getBody(pools, clock, { ...url, headers })
    const models = parseModelList(JSON.parse(body.toString('utf8')) as Json)
    if (!models) throw new Error('the answer has not the shape of a list of models')
    return models.filter((model) => redactText(model) === model)
  }
}

function listHeaders(backend: Backend, credential: ListCredential): string[] {
  const family: ProviderFamily = backend.family ?? 'openai'
  const choice =
    credential.kind === 'client' ? credential : chooseCredential(backend, null, { family, pinned: true })
  if (choice.kind === 'missing') throw new Error(choice.message)
  return requestHeaders({
    client: [['accept', 'application/json']],
    backend,
    credential: choice,
    acceptEncoding: 'identity',
    contentLength: null,
    hop: null,
  })
}

function getBody(
  pools: Pools,
  clock: Clock,
  { origin, path, headers }: { origin: string; path: string; headers: string[] },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const settle = (error: Error | null) => {
      timer.cancel()
      sending.abort()
      if (error) reject(error)
      else resolve(Buffer.concat(chunks))
    }
    const timer = clock.after(limitMs, () =>
      settle(new Error(`no list of models within ${limitMs / 1000} s`)),
    )
    const sending = send(
      pools,
      { origin, path, method: 'GET', headers, body: null },
      {
        sent: () => {},
        head: (status) => {
          if (status !== 200) settle(new Error(`the list of models was answered with status ${status}`))
        },
        data: (bytes) => {
          length += bytes.length
          if (length > maxBytes) settle(new Error('the list of models is too large'))
          else chunks.push(bytes)
        },
        ended: () => settle(null),
        failed: (error) => settle(error),
      },
    )
  })
}
