import type { Call, CallFacts } from '../../core/call.ts'
import { ProxyError } from '../../core/errors.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { AnswerEdits, EncodedRequest, Protocol, RequestPlace } from '../../core/protocol.ts'
import type { ProtocolName } from '../../core/protocol-name.ts'
import { protocolNamed } from '../../protocols/index.ts'
import { parseBody } from '../body/parse-body.ts'
import { inputItems } from '../stored-responses/expand-previous.ts'
import { droppedNames, forbiddenLoss, type LossPolicy, untranslatable } from './loss-policy.ts'

/** Whose request is to be said in whose words. Plain data: the work may be done in a worker. */
export interface TranslationJob {
  client: ProtocolName
  place: RequestPlace
  /** The request only asks how many tokens it would be. */
  counts: boolean
  backend: { name: string; type: string; protocols: readonly ProtocolName[] }
  model: string
  policy: LossPolicy
  /** openai-chat backends: ask for the usage chunk. */
  askForUsage: boolean
}

/** A client's request as one backend takes it. */
export interface TranslatedRequest {
  protocol: ProtocolName
  /** Version included, as `requestUrl` takes it. */
  path: string
  query: string
  body: Uint8Array
  /** What the client asked for and the backend will not hear of, in the client's words. */
  dropped: string[]
  edits: AnswerEdits
  call: CallFacts
  /** openai-responses: the input's items, where the answer is to be kept for a later request; else null. */
  keptInput: Json[] | null
}

/** Errors: `untranslatable`, and `bad_request` for what cannot be understood. */
export function translateRequest(bytes: Buffer, job: TranslationJob): TranslatedRequest {
  const client = protocolNamed(job.client)
  const call = decodeCall(bytes, job)
  const { protocol, encoded } = firstThatCan(call, job, client)
  const { messages: _messages, ...facts } = call
  const { path, query } = job.counts
    ? { path: protocol.tokenCounting?.path(job.model) ?? '', query: '' }
    : protocol.generation(job.model, call.stream)
  const body = job.counts
    ? (protocol.tokenCounting?.bodyOf(encoded.body, job.model) ?? encoded.body)
    : encoded.body
  return {
    ...{ protocol: protocol.name, path, query, call: facts, edits: encoded.edits },
    keptInput: keptInput(bytes, call, job),
    body: Buffer.from(JSON.stringify(body)),
    dropped: droppedNames(encoded.lost, client),
  }
}

/** Unless the client says no, OpenAI keeps its answers, and clients go on from them. */
function keptInput(bytes: Buffer, { store }: Call, { client, counts }: TranslationJob): Json[] | null {
  const keeps = client === 'openai-responses' && !counts && store !== false
  return keeps ? inputItems(parseBody(bytes).input) : null
}

/** The request of a generation or counting route in canonical words. */
export function decodeCall(
  bytes: Buffer,
  { client, place, counts }: Pick<TranslationJob, 'client' | 'place' | 'counts'>,
): Call {
  const protocol = protocolNamed(client)
  const body = parseBody(bytes)
  const request: JsonObject = counts ? (protocol.tokenCounting?.requestOf(body) ?? body) : body
  return protocol.decodeRequest(request, place)
}

/** The first of the backend's protocols in which nothing of the call's meaning is lost. */
function firstThatCan(
  call: Call,
  job: TranslationJob,
  client: Protocol,
): { protocol: Protocol; encoded: EncodedRequest } {
  const { backend, model, askForUsage } = job
  let refusal: ProxyError | undefined
  for (const name of backend.protocols) {
    const protocol = protocolNamed(name)
    if (job.counts && protocol.tokenCounting === null) continue
    const encoded = protocol.encodeRequest(call, { backendType: backend.type, model, askForUsage })
    const lost = job.counts ? undefined : forbiddenLoss(encoded.lost, job.policy)
    if (lost === undefined) return { protocol, encoded }
    refusal ??= untranslatable(lost, { client, backend: backend.name, backendProtocol: name })
  }
  throw refusal ?? new ProxyError('untranslatable', `backend ${backend.name} does not count tokens`)
}
