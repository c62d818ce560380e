import type { Amounts } from '../plan.ts'
import { type Said, type Speech, sse } from './speech.ts'

type Fields = Record<string, unknown>

export const gemini: Speech = {
  // Every chunk has the usage so far, and the prompt's does not change.
  openingTells: 'prompt',
  whole: (said) => chunk(said, [{ text: said.text }, ...callParts(said)], said.amounts, 'STOP'),
  frames: (said) => {
    const { opening, content, closing, error } = geminiChunks(said)
    const framed = (chunks: readonly Fields[]) => chunks.map((one) => sse(one))
    return { opening: framed(opening), content: framed(content), closing: framed(closing), error: sse(error) }
  },
  error: (status) => ({
    error: { code: status, message: `Error ${status} of the provider.`, status: 'UNKNOWN' },
  }),
}

/** The same as one JSON array, which is what Gemini streams to those who do not ask for events. */
export const geminiArray: Speech = {
  ...gemini,
  frames: (said) => {
    const { opening, content, closing, error } = geminiChunks(said)
    const framed = (chunks: readonly Fields[]) => chunks.map((one) => `,\r\n${JSON.stringify(one)}`)
    const first = framed(opening).join('').replace(',\r\n', '[')
    const last = [...framed(closing), ']']
    const failed = `,\r\n${JSON.stringify(error)}]`
    return { opening: [first], content: framed(content), closing: last, error: failed }
  },
}

function geminiChunks(said: Said) {
  const { pieces, amounts } = said
  const early = amounts && { ...amounts, visible: 0, reasoning: 0 }
  return {
    opening: [chunk(said, [{ text: '' }], early)],
    content: pieces.map((text) => chunk(said, [{ text }], early)),
    closing: [
      ...callParts(said).map((part) => chunk(said, [part], early)),
      chunk(said, [{ text: '' }], amounts, 'STOP'),
    ],
    error: { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } },
  }
}

function callParts({ calls }: Said): Fields[] {
  return calls.map((call) => ({ functionCall: { name: call.name, args: call.arguments } }))
}

function chunk(
  { id, model }: Said,
  parts: readonly Fields[],
  amounts: Amounts | null,
  finishReason?: string,
): Fields {
  return {
    candidates: [{ content: { parts, role: 'model' }, ...(finishReason && { finishReason }), index: 0 }],
    ...(amounts && { usageMetadata: usageOf(amounts) }),
    modelVersion: model,
    responseId: `gen_${id}`,
  }
}

/** The prompt includes what was cached, the candidates leave out what was thought. */
function usageOf({ fresh, cacheRead, visible, reasoning }: Amounts): Fields {
  return {
    promptTokenCount: fresh + cacheRead,
    cachedContentTokenCount: cacheRead,
    candidatesTokenCount: visible,
    thoughtsTokenCount: reasoning,
    totalTokenCount: fresh + cacheRead + visible + reasoning,
  }
}
