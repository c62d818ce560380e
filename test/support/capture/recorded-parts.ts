import { legView } from '../../../src/capture/view/leg.ts'
import { readAnswer } from '../../../src/capture/view/read-answer.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { CorpusExchange } from '../corpus.ts'

/** The request's body; where only the answer was kept, for the model that the answer names. */
export function corpusBody(recorded: CorpusExchange, body: JsonObject | null): JsonObject | null {
  if (recorded.request || !body) return body
  const model = answerModel(recorded)
  return {
    ...body,
    ...(model !== null && body.model !== undefined && { model }),
    ...(recorded.protocol === 'openai-chat' &&
      recorded.stream && { stream_options: { include_usage: true } }),
  }
}

export function modelOf(recorded: CorpusExchange, path: string, body: JsonObject | null): string | null {
  const named = body?.model
  if (typeof named === 'string') return named
  const inPath = /\/models\/([^:?]+)/.exec(path)?.[1] ?? null
  return inPath === 'some-model' ? (answerModel(recorded) ?? inPath) : inPath
}

function answerModel({ protocol, response, stream }: CorpusExchange): string | null {
  const leg = legView({
    ...{ leg: 'BTP', attempt: 1, method: null, url: null, status: response.status, headers: [], missing: 0 },
    ...{ headAtNs: null, headEntry: null, end: null },
    chunks: [{ atNs: 0, bytes: Buffer.from(response.body), entry: 0, missing: 0 }],
  })
  return readAnswer(leg, protocol, stream).answer?.model ?? null
}
