import type { Amounts } from '../plan.ts'
import { halves, type Said, type Speech, sse } from './speech.ts'

const created = 1_764_547_200

export const chat: Speech = {
  openingTells: 'nothing',
  whole: ({ id, model, tier, text, calls, amounts }) => ({
    ...{ id, object: 'chat.completion', created, model, service_tier: tier },
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text,
          refusal: null,
          ...(calls.length > 0 && {
            tool_calls: calls.map((call, index) => ({
              id: `call_${id}_${index}`,
              type: 'function',
              function: { name: call.name, arguments: JSON.stringify(call.arguments) },
            })),
          }),
        },
        logprobs: null,
        finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
      },
    ],
    ...(amounts && { usage: usageOf(amounts) }),
  }),
  frames(said) {
    const { pieces, calls, amounts } = said
    return {
      opening: [chunk(said, { role: 'assistant', content: '', refusal: null })],
      content: pieces.map((content) => chunk(said, { content })),
      closing: [
        ...calls.flatMap((call, index) => {
          const [first, second] = halves(call)
          const id = `call_${said.id}_${index}`
          const head = { index, id, type: 'function', function: { name: call.name, arguments: first } }
          return [
            chunk(said, { tool_calls: [head] }),
            chunk(said, { tool_calls: [{ index, function: { arguments: second } }] }),
          ]
        }),
        chunk(said, {}, calls.length > 0 ? 'tool_calls' : 'stop'),
        ...(amounts ? [sse({ ...frameOf(said), choices: [], usage: usageOf(amounts) })] : []),
        sse('[DONE]'),
      ],
      error: sse({ error: { message: 'The server had an error.', type: 'server_error', code: null } }),
    }
  },
  error: (status) => ({
    error: { message: `Error ${status} of the provider.`, type: 'server_error', param: null, code: null },
  }),
}

function chunk(said: Said, delta: unknown, finish: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }]
  return sse({ ...frameOf(said), choices, ...(said.amounts && { usage: null }) })
}

function frameOf({ id, model, tier }: Said) {
  return { id, object: 'chat.completion.chunk', created, model, service_tier: tier }
}

/** OpenAI's numbers include what was cached, and what was thought. */
function usageOf({ fresh, cacheRead, cacheWrite, cacheWriteHour, visible, reasoning, nanoUsd }: Amounts) {
  const prompt = fresh + cacheRead + cacheWrite + cacheWriteHour
  return {
    prompt_tokens: prompt,
    completion_tokens: visible + reasoning,
    total_tokens: prompt + visible + reasoning,
    prompt_tokens_details: { cached_tokens: cacheRead },
    completion_tokens_details: { reasoning_tokens: reasoning },
    ...(nanoUsd !== undefined && { cost: nanoUsd / 1e9 }),
  }
}
