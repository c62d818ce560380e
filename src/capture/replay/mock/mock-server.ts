import { createServer, type Server } from 'node:http'
import { isIP } from 'node:net'
import type { ProtocolName } from '../../../core/protocol-name.ts'
import { exchangeIds } from '../../../core/rising-ids.ts'
import { createSecrets } from '../../../core/secrets/secrets.ts'
import type { ExchangeView } from '../../view/view.ts'
import { answerRequest, type MockAnswer } from './answer-request.ts'
import { type Pacer, PrecisePacer } from './pacer.ts'
import { PacingErrors } from './pacing-errors.ts'
import { type Recording, recordingsOf, requestOf } from './recordings.ts'
import type { Pace } from './schedule.ts'
import { type Reuse, Shelf } from './shelf.ts'
import { VaryingTexts } from './varying-texts.ts'

export interface MockSettings {
  exchanges: readonly ExchangeView[]
  host: string
  /** 0: a free one. */
  port: number
  pace: Pace
  reuse: Reuse
  /** Only what is exactly the same. */
  strict: boolean
  /** What a miss is answered with. */
  missStatus: 503 | 404
  onAnswer?: (answer: MockAnswer) => void
  pacer?: Pacer
  maxBodyBytes?: number
}

/** How many recordings there are of a protocol and a model. */
export interface RecordedCount {
  protocol: ProtocolName
  model: string | null
  count: number
}

export type MockResult = MockAnswer['result']

export interface MockServer {
  /** `http://127.0.0.1:9000` */
  url: string
  recorded: readonly RecordedCount[]
  counts: Readonly<Record<MockResult, number>>
  /** Null: nothing was paced. */
  pacing(): ReturnType<PacingErrors['report']>
  /** Ends what is being answered, too. */
  close(): Promise<void>
}

/** A provider that answers from recorded exchanges, in any of their protocols. Rejects where it cannot listen. */
export async function startMock(settings: MockSettings): Promise<MockServer> {
  const texts = new VaryingTexts()
  const recordings = recordingsOf(settings.exchanges, { texts })
  const { reuse, strict, pace, onAnswer = () => {} } = settings
  const counts = { exact: 0, fuzzy: 0, miss: 0, own: 0, refused: 0 }
  const errors = new PacingErrors()
  const recorded = recordedCounts(recordings, texts)
  const parts = {
    ...{ recordings, texts, pace, isStrict: strict, missStatus: settings.missStatus },
    shelf: new Shelf(recordings, { texts }, { reuse, strict }),
    models: modelsOf(recorded),
    secrets: createSecrets(),
    pacer: settings.pacer ?? new PrecisePacer(),
    maxBodyBytes: settings.maxBodyBytes ?? 64e6,
    isOurHost: hostTest(settings.host),
    nextId: exchangeIds(Date.now),
    onAnswer(answer: MockAnswer) {
      counts[answer.result]++
      onAnswer(answer)
    },
    onLate: (lateMs: number) => errors.add(lateMs),
  }
  const server = createServer(
    { keepAliveTimeout: 75_000, requestTimeout: 0, maxHeaderSize: 65_536, noDelay: true },
    (request, response) => void answerRequest(request, response, parts),
  )
  const port = await listen(server, settings)
  const host = isIP(settings.host) === 6 ? `[${settings.host}]` : settings.host
  return {
    url: `http://${host}:${port}`,
    recorded,
    counts,
    pacing: () => errors.report(),
    close: () => close(server),
  }
}

/** Names of hosts are for servers that are meant to be reached by others. */
function hostTest(bound: string): (host: string | undefined) => boolean {
  if (!isLoopback(bound)) return () => true
  return (host) => {
    const name = (host ?? 'localhost')
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase()
    return isIP(name) !== 0 || isLoopback(name) || name === bound.toLowerCase()
  }
}

/** Of hosts to listen at: nobody beyond this machine reaches it. */
export function isLoopback(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|::1|localhost|[\w.-]+\.localhost)$/i.test(host)
}

function recordedCounts(recordings: readonly Recording[], texts: VaryingTexts): RecordedCount[] {
  const counts = new Map<string, RecordedCount>()
  for (const recording of recordings) {
    const { endpoint, model } = requestOf(recording, { texts })
    const key = `${endpoint.protocol} ${model}`
    const known = counts.get(key) ?? { protocol: endpoint.protocol, model, count: 0 }
    known.count++
    counts.set(key, known)
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)
}

function modelsOf(recorded: readonly RecordedCount[]): Map<ProtocolName, Set<string>> {
  const models = new Map<ProtocolName, Set<string>>()
  for (const { protocol, model } of recorded) {
    if (model === null) continue
    const known = models.get(protocol) ?? new Set()
    models.set(protocol, known.add(model))
  }
  return models
}

function listen(server: Server, { host, port }: MockSettings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
