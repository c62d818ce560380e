import type { Citation, ReasoningState, ToolCallPart } from '../../../core/call.ts'
import type { TokenLogprob } from '../../../core/event.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { AnswerAbout } from '../../../core/protocol.ts'
import { stateForClient } from '../../translation/reasoning-state.ts'
import { idForClient, inventedId, responsesIds } from '../../translation/tool-call-ids.ts'
import { nameInNamespace } from '../namespaces.ts'

type State = Omit<ReasoningState, 'model'>

export function outputText(
  text: string,
  annotations: readonly JsonObject[],
  logprobs: readonly JsonObject[],
): JsonObject {
  return { type: 'output_text', text, annotations: [...annotations], logprobs: [...logprobs] }
}

export function refusalPart(refusal: string): JsonObject {
  return { type: 'refusal', refusal }
}

export function messageItem(id: string, content: readonly JsonObject[], status = 'completed'): JsonObject {
  return { id, type: 'message', status, role: 'assistant', content: [...content] }
}

export function reasoningItem(
  id: string,
  summary: readonly string[],
  state: State | undefined,
  about: AnswerAbout,
): JsonObject {
  return {
    id,
    type: 'reasoning',
    summary: summary.map((text) => ({ type: 'summary_text', text })),
    ...(state && { encrypted_content: stateForClient(state, about.source, 'openai-responses') }),
  }
}

export function callItem(
  id: string,
  call: Pick<ToolCallPart, 'id' | 'name' | 'arguments' | 'custom'> & { index: number },
  about: AnswerAbout,
  status = 'completed',
): JsonObject {
  const call_id =
    call.id === '' ? inventedId(about.exchangeId, call.index) : idForClient(call.id, responsesIds)
  const named = nameInNamespace(call.name, about.call.tools)
  return call.custom
    ? { id, type: 'custom_tool_call', status, call_id, ...named, input: call.arguments }
    : { id, type: 'function_call', status, call_id, ...named, arguments: call.arguments }
}

export function imageItem(id: string, mediaType: string, result: string | null): JsonObject {
  const status = result === null ? 'in_progress' : 'completed'
  return { id, type: 'image_generation_call', status, output_format: mediaType.replace('image/', ''), result }
}

/** `before`: the length of the answer's text before the part; undefined for a citation without a URL. */
export function annotation(
  { url, title, start, end }: Citation,
  before: number,
  length: number,
): JsonObject | undefined {
  if (url === null) return undefined
  const place = (at: number | null, otherwise: number) =>
    Math.min(length, Math.max(0, at === null ? otherwise : at - before))
  return {
    type: 'url_citation',
    url,
    title: title ?? url,
    start_index: place(start, 0),
    end_index: place(end, length),
  }
}

export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject[] {
  const plain = ({ token, logprob, bytes }: Omit<TokenLogprob, 'top'>) => ({
    token,
    logprob,
    bytes: bytes ?? [],
  })
  return tokens.map((token) => ({ ...plain(token), top_logprobs: token.top.map(plain) }))
}
