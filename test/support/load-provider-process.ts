// The fake provider as a process of its own, so that its work is not the generator's: see load-provider.ts.
import { startFakeProvider } from './fake-provider.ts'
import { bulkStream, pacedStream } from './load-answers.ts'
import { mixedAnswer } from './load-mix.ts'
import type { ProviderCounts } from './load-provider.ts'
import type { RecordedRequest } from './provider/recorded-request.ts'
import type { Script } from './provider/steps.ts'

let served = 0
let usageAsked = 0

const provider = await startFakeProvider((request) => {
  provider.requests.length = 0 // nobody looks at them here, and hours of them would be the machine's memory
  served++
  if (request.body.includes('"include_usage":true')) usageAsked++
  return answer(request)
})

/** What the request asks for with its header `fake-answer`: `paced FRAMES MS`, `bulk BYTES ENCODING`, `mix KIND`. */
function answer(request: RecordedRequest): Script {
  const [kind, first = '', second = ''] = (request.headers['fake-answer'] ?? '').split(' ')
  if (kind === 'paced') return pacedStream(Number(first), Number(second))
  if (kind === 'bulk') {
    const withUsage = request.body.includes('"include_usage":true')
    return bulkStream(Number(first), withUsage, second === 'gzip' ? 'gzip' : 'identity')
  }
  return mixedAnswer(request, first)
}

process.on('message', (asked: { id: number }) => {
  const { openConnections } = provider
  const counts: ProviderCounts = { served, usageAsked, openConnections }
  process.send?.({ id: asked.id, counts })
})
process.on('disconnect', () => process.exit())
process.send?.({ url: provider.url })
